using SessionReplay.Crypto.Rotation;
using SessionReplay.Pipeline.Lifecycle;

namespace SessionReplay.AspNetCore.Operator;

/// <summary>Goes on after a key ring was lost: shows what nobody can open any more, and discards it when the operator confirms.</summary>
internal sealed class StartOverCommand(KeyStartOver startOver, LostAssets assets)
{
    public async Task<int> RunAsync(bool confirmed, TextWriter output, CancellationToken cancellationToken)
    {
        if (!confirmed)
        {
            await ReportAsync(output, await startOver.CountAsync(cancellationToken).ConfigureAwait(false), "Would discard")
                .ConfigureAwait(false);
            var without = await assets.CountAsync(cancellationToken).ConfigureAwait(false);
            await output.SayAsync(
                $"{without} more assets have no key. All that cannot be opened would be removed; recorders upload them again.")
                .ConfigureAwait(false);
            await output.SayAsync($"To do it, stop all processes and run 'session-replay start-over --confirm'. It cannot be undone.")
                .ConfigureAwait(false);
            return 0;
        }

        await ReportAsync(output, await startOver.RunAsync(assets.TakeAsync, cancellationToken).ConfigureAwait(false), "Discarded")
            .ConfigureAwait(false);
        var removed = await assets.DeleteAsync(cancellationToken).ConfigureAwait(false);
        await output.SayAsync($"Removed {removed} assets that nobody can open; recorders upload them again.").ConfigureAwait(false);
        await output.SayAsync($"Back up the key ring, then start the processes.").ConfigureAwait(false);
        return 0;
    }

    private static async ValueTask ReportAsync(TextWriter output, KeyStartOverResult result, string done)
    {
        if (result.BrokenRing is { } broken)
        {
            await output.SayAsync($"The key ring that could not be read is now {broken}.").ConfigureAwait(false);
        }

        await output.SayAsync(
            $"{done} the keys of {result.Sessions} sessions and {result.Assets} assets, and {result.TenantKeys} keys of tenants.")
            .ConfigureAwait(false);
        await output.SayAsync($"{result.Readable} keys can be read and stay.").ConfigureAwait(false);
    }
}
