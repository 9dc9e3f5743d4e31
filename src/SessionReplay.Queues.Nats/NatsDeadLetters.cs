using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace SessionReplay.Queues.Nats;

/// <summary>Reads the stream of dead letters with consumers that last for one call.</summary>
internal sealed class NatsDeadLetters(NatsLink link)
{
    private const int RedriveBatch = 32;

    internal async Task<IReadOnlyList<DeadLetter>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        var letters = new List<DeadLetter>();
        var consumer = await ReadAsync(headersOnly: true, cancellationToken).ConfigureAwait(false);
        await foreach (var message in Fetch(consumer, limit, cancellationToken).ConfigureAwait(false))
        {
            using var body = message.Data;
            var headers = MessageHeaders.Read(message.Headers);
            letters.Add(new DeadLetter(
                headers.Id,
                QueueArguments.KeepReason(headers.Reason ?? ""),
                headers.Attempts,
                message.Metadata?.Timestamp ?? DateTimeOffset.UnixEpoch,
                MessageHeaders.ReadSize(message.Headers)));
        }

        await ForgetAsync(consumer, cancellationToken).ConfigureAwait(false);
        return letters;
    }

    internal async Task<int> RedriveAsync(int limit, CancellationToken cancellationToken)
    {
        // What is dead again before this ends is left: it would be put back again and again.
        var stream = await link.Context.GetStreamAsync(link.DeadStream, cancellationToken: cancellationToken).ConfigureAwait(false);
        var last = stream.Info.State.LastSeq;
        var (seen, moved) = (0, 0);
        while (seen < limit)
        {
            var consumer = await ReadAsync(headersOnly: false, cancellationToken).ConfigureAwait(false);
            var before = seen;
            await foreach (var message in Fetch(consumer, Math.Min(RedriveBatch, limit - seen), cancellationToken).ConfigureAwait(false))
            {
                using var body = message.Data;
                if (message.Metadata!.Value.Sequence.Stream <= last)
                {
                    moved += await MoveAsync(message, cancellationToken).ConfigureAwait(false) ? 1 : 0;
                    seen++;
                }
            }

            await ForgetAsync(consumer, cancellationToken).ConfigureAwait(false);
            if (seen == before)
            {
                break;
            }
        }

        return moved;
    }

    internal async Task<int> DiscardAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        var removed = 0;
        var consumer = await ReadAsync(headersOnly: true, cancellationToken).ConfigureAwait(false);
        await foreach (var message in Fetch(consumer, limit, cancellationToken).ConfigureAwait(false))
        {
            using var body = message.Data;
            if (message.Metadata is { } metadata && metadata.Timestamp < before)
            {
                await RemoveAsync(metadata.Sequence.Stream, cancellationToken).ConfigureAwait(false);
                removed++;
            }
        }

        await ForgetAsync(consumer, cancellationToken).ConfigureAwait(false);
        return removed;
    }

    /// <summary>
    /// The message goes back under another id for the server's duplicate check: it was published before, perhaps just now, and must not be
    /// taken for a duplicate. After a crash between the two steps the same id keeps it from being put back twice.
    /// </summary>
    private async Task<bool> MoveAsync(INatsJSMsg<NatsMemoryOwner<byte>> message, CancellationToken cancellationToken)
    {
        var sequence = message.Metadata!.Value.Sequence.Stream;
        if (message.Data.Memory.Length > 0)
        {
            var headers = MessageHeaders.Read(message.Headers) with { Reason = null };
            var created = message.Metadata!.Value.Timestamp.ToUnixTimeMilliseconds();
            var duplicateId = FormattableString.Invariant($"redrive-{created}-{sequence}-{Uri.EscapeDataString(headers.Id)}");
            await link.PublishAsync(link.Subject, duplicateId, headers, message.Data.Memory, cancellationToken).ConfigureAwait(false);
        }

        await RemoveAsync(sequence, cancellationToken).ConfigureAwait(false);
        return message.Data.Memory.Length > 0;
    }

    private static IAsyncEnumerable<INatsJSMsg<NatsMemoryOwner<byte>>> Fetch(
        INatsJSConsumer consumer, int limit, CancellationToken cancellationToken) =>
        consumer.FetchNoWaitAsync<NatsMemoryOwner<byte>>(new NatsJSFetchOpts { MaxMsgs = limit }, cancellationToken: cancellationToken);

    private async Task RemoveAsync(ulong sequence, CancellationToken cancellationToken) =>
        await link.Context.DeleteMessageAsync(
            link.DeadStream, new StreamMsgDeleteRequest { Seq = sequence }, cancellationToken).ConfigureAwait(false);

    private async Task<INatsJSConsumer> ReadAsync(bool headersOnly, CancellationToken cancellationToken) =>
        await link.Context.CreateOrUpdateConsumerAsync(
            link.DeadStream,
            new ConsumerConfig
            {
                AckPolicy = ConsumerConfigAckPolicy.None,
                DeliverPolicy = ConsumerConfigDeliverPolicy.All,
                HeadersOnly = headersOnly,
                MemStorage = true,
                InactiveThreshold = TimeSpan.FromMinutes(1),
            },
            cancellationToken).ConfigureAwait(false);

    private async Task ForgetAsync(INatsJSConsumer consumer, CancellationToken cancellationToken) =>
        await link.Context.DeleteConsumerAsync(link.DeadStream, consumer.Info.Name!, cancellationToken).ConfigureAwait(false);
}
