using SessionReplay.Pipeline.Resilience;
using SessionReplay.Queues;

namespace SessionReplay.AspNetCore.Operator;

/// <summary>Lists dead letters, puts them back into the queue, and discards them.</summary>
internal sealed class DeadLetterCommands([Guarded] IDeadLetterQueue deadLetters)
{
    private const int MaxMessages = 1000;

    public async Task<int> DiscardAsync(bool confirmed, TextWriter output, CancellationToken cancellationToken)
    {
        if (!confirmed)
        {
            var letters = await deadLetters.ListAsync(MaxMessages, cancellationToken).ConfigureAwait(false);
            return await output.SayAsync($"Would remove {letters.Count} messages. To do it, add --confirm. It cannot be undone.")
                .ConfigureAwait(false);
        }

        var removed = await deadLetters.DiscardAsync(DateTimeOffset.MaxValue, MaxMessages, cancellationToken).ConfigureAwait(false);
        return await output.SayAsync($"Removed {removed} messages.").ConfigureAwait(false);
    }

    public async Task<int> ListAsync(TextWriter output, CancellationToken cancellationToken)
    {
        foreach (var letter in await deadLetters.ListAsync(MaxMessages, cancellationToken).ConfigureAwait(false))
        {
            await output.SayAsync(
                $"{letter.DeadLetteredAt:O} {letter.MessageId} {letter.Bytes} bytes, {letter.Attempts} attempts: {letter.Reason}")
                .ConfigureAwait(false);
        }

        return 0;
    }

    public async Task<int> RedriveAsync(TextWriter output, CancellationToken cancellationToken)
    {
        var redriven = await deadLetters.RedriveAsync(MaxMessages, cancellationToken).ConfigureAwait(false);
        return await output.SayAsync($"Put {redriven} messages back.").ConfigureAwait(false);
    }
}
