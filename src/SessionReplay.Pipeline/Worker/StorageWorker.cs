using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Messages;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Queues;
using SessionReplay.Runs;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Worker;

/// <summary>
/// Takes messages from the queue, stores their chunks, and acknowledges only what is durable. While something it needs is away it pauses:
/// for as long as that is not called anyway, else for a time that grows.
/// </summary>
internal sealed class StorageWorker(
    [Guarded] IMessageQueue queue, MessageReader reader, GroupWriter writer, IOptions<WorkerOptions> options, TimeProvider clock,
    ILogger<StorageWorker> logger)
    : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private const long MaxBytesOfARun = 32 * 1024 * 1024;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private readonly WorkerOptions _options = options.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var drain = new CancellationTokenSource();
        await using var _ = stoppingToken.Register(() => drain.CancelAfter(_options.DrainTimeout)).ConfigureAwait(false);
        await Task.WhenAll(
            Enumerable.Range(0, _options.Concurrency)
                .Select(_ => Task.Run(() => RunAsync(stoppingToken, drain.Token), CancellationToken.None)))
            .ConfigureAwait(false);
    }

    /// <param name="stopping">No further group is begun.</param>
    /// <param name="draining">The group at hand is given up.</param>
    private async Task RunAsync(CancellationToken stopping, CancellationToken draining)
    {
        var pause = TimeSpan.Zero;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (pause > TimeSpan.Zero)
                {
                    // Not before its end, when calls are made again, and not all at once.
                    await Task.Delay(pause * (1 + (Random.Shared.NextDouble() / 4)), clock, stopping).ConfigureAwait(false);
                }

                var group = await queue.ReceiveAsync(_options.BatchSize, stopping).ConfigureAwait(false);
                pause = await WorkAsync(group, draining).ConfigureAwait(false) is { } error ? PauseAfter(error, pause) : TimeSpan.Zero;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (QueueUnavailableException e)
            {
                pause = PauseAfter(e, pause);
                Log.QueueUnavailable(logger, pause, e);
            }
        }
    }

    private static TimeSpan PauseAfter(Exception error, TimeSpan before) =>
        Dependency.RetryAfter(error) ?? (before == TimeSpan.Zero ? FirstPause : before * 2 < LongestPause ? before * 2 : LongestPause);

    /// <returns>The error when something the group needs is unavailable and it went back to the queue; <see langword="null"/> when it is
    /// done.</returns>
    private async ValueTask<Exception?> WorkAsync(IReadOnlyList<IQueueDelivery> group, CancellationToken draining)
    {
        try
        {
            // Some queues hand out large messages by the dozen.
            var messages = await ReadAsync(group, draining).ConfigureAwait(false);
            foreach (var run in ByteRuns.Split(messages, static message => message.Body.Length, MaxBytesOfARun))
            {
                await StoreAsync(run, draining).ConfigureAwait(false);
            }

            return null;
        }
        catch (Exception e) when (IsOutage(e))
        {
            Log.GroupGivenBack(logger, group.Count, e);
            return e;
        }
        finally
        {
            // What was not settled goes back to the queue without counting as an attempt; together, so that an adapter can make one request
            // of it.
            await Task.WhenAll(group.Select(delivery => delivery.DisposeAsync().AsTask())).ConfigureAwait(false);
        }
    }

    private static bool IsOutage(Exception error) =>
        error is BlobStoreUnavailableException or CatalogUnavailableException or KeyStoreUnavailableException
        or KeyManagementException or QueueUnavailableException or OperationCanceledException;

    private async ValueTask<List<ParsedMessage>> ReadAsync(IReadOnlyList<IQueueDelivery> group, CancellationToken draining)
    {
        var messages = new List<ParsedMessage>(group.Count);
        foreach (var delivery in group)
        {
            try
            {
                messages.Add(await reader.ReadAsync(delivery, draining).ConfigureAwait(false));
            }
            catch (Exception e) when (!IsOutage(e))
            {
                await GiveUpAsync(delivery, e, draining).ConfigureAwait(false);
            }
        }

        return messages;
    }

    /// <summary>
    /// Stores and acknowledges a group. One that fails by what a message holds is halved until that message is alone; the others are
    /// stored.
    /// </summary>
    private async ValueTask StoreAsync(List<ParsedMessage> messages, CancellationToken draining)
    {
        if (messages.Count == 0)
        {
            return;
        }

        IReadOnlyList<RecordOutcome> outcomes;
        var started = clock.GetTimestamp();
        try
        {
            outcomes = await writer.StoreAsync(messages, draining).ConfigureAwait(false);
        }
        catch (Exception e) when (!IsOutage(e))
        {
            if (messages.Count == 1)
            {
                await GiveUpAsync(messages[0].Delivery, e, draining).ConfigureAwait(false);
                return;
            }

            Log.GroupSplit(logger, messages.Count, e);
            var half = messages.Count / 2;
            await StoreAsync(messages[..half], draining).ConfigureAwait(false);
            await StoreAsync(messages[half..], draining).ConfigureAwait(false);
            return;
        }

        Count(messages, outcomes);
        await Task.WhenAll(messages.Zip(outcomes, (message, outcome) => SettleAsync(Settle(message, outcome, draining))))
            .ConfigureAwait(false);
        Telemetry.WorkerDuration.Record(clock.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>
    /// A message that can never be stored becomes a dead letter; one that failed otherwise is tried again, with a growing delay, until the
    /// queue sets it aside.
    /// </summary>
    private Task GiveUpAsync(IQueueDelivery delivery, Exception error, CancellationToken draining)
    {
        if (error is FormatRejectedException or KeyDeletedException or ValueRefusedException)
        {
            Log.DeadLettered(logger, delivery.MessageId, error);
            Telemetry.WorkerMessages.Add(1, new KeyValuePair<string, object?>("sessionreplay.outcome", "dead-letter"));
            return SettleAsync(delivery.DeadLetterAsync(error.Message, draining));
        }

        Log.MessageFailed(logger, delivery.MessageId, error);
        return SettleAsync(delivery.RetryAsync(error.GetType().Name, draining));
    }

    /// <summary>
    /// Two batches of one number are never taken for one. Who sends the second could fill the dead letters: its body is not kept.
    /// </summary>
    private ValueTask Settle(ParsedMessage message, RecordOutcome outcome, CancellationToken draining)
    {
        if (outcome != RecordOutcome.Conflict)
        {
            return message.Delivery.AckAsync(draining);
        }

        Log.BatchConflict(logger, message.Delivery.MessageId);
        return message.Delivery.RefuseAsync("Another batch with this number was recorded before.", draining);
    }

    private async Task SettleAsync(ValueTask settling)
    {
        try
        {
            await settling.ConfigureAwait(false);
        }
        catch (InvalidOperationException e)
        {
            // Settled before, or its lease ran out: the queue delivers it again by itself.
            Log.GroupGivenBack(logger, 1, e);
        }
    }

    private void Count(IReadOnlyList<ParsedMessage> messages, IReadOnlyList<RecordOutcome> outcomes)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var (message, outcome) in messages.Zip(outcomes))
        {
            Telemetry.WorkerMessages.Add(1, new KeyValuePair<string, object?>("sessionreplay.outcome", outcome switch
            {
                RecordOutcome.Recorded => "recorded",
                RecordOutcome.Duplicate => "duplicate",
                RecordOutcome.Conflict => "conflict",
                _ => "session-deleted",
            }));
            Telemetry.WorkerLag.Record((now - message.Message.ReceivedAt) / 1000.0);
        }
    }
}
