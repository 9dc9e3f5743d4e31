using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SessionReplay.Sqlite;

namespace SessionReplay.Queues;

/// <summary>
/// A durable queue in one SQLite file. Any number of processes of one machine may share the file. A message whose id is still in the queue
/// is the same batch: publishing it again succeeds and stores nothing; dead letters do not count as being in the queue.
/// </summary>
internal sealed class SqliteMessageQueue : IMessageQueue, IDeadLetterQueue, IQueueMonitor, IAsyncDisposable, IDisposable
{
    private const int MaxBodyBytes = 16 * 1024 * 1024;
    private const int MaxWaitingPublishes = 10_000;
    private readonly Signal _madeReady = new();
    private readonly ConcurrentDictionary<long, long> _leases = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly SqliteQueueOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SqliteFile _file;
    private readonly SqliteWriter<QueueTables> _writer;
    private readonly LeaseRenewal _renewal;
    private int _waitingPublishes;

    public SqliteMessageQueue(IOptions<SqliteQueueOptions> options, TimeProvider time, ILogger<SqliteMessageQueue> logger)
    {
        _options = options.Value;
        _time = time;
        _logger = logger;
        _file = new SqliteFile(_options.Path, QueueSchema.Steps)
        {
            Pragmas = "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA secure_delete = FAST", BusyTimeout = _options.BusyTimeout,
        };
        var work = new QueueWork(_file, _options, time, logger, _madeReady.Raise);
        _writer = new SqliteWriter<QueueTables>(_file, work, "SessionReplay queue");
        _renewal = new LeaseRenewal(_options.LeaseTime / 3, RenewAsync, time, logger);
    }

    public int MaxMessageBytes => MaxBodyBytes;

    public async ValueTask PublishAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        QueueArguments.Check(message);
        QueueArguments.CheckSize(message, MaxBodyBytes);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            if (Interlocked.Increment(ref _waitingPublishes) > MaxWaitingPublishes)
            {
                throw new QueueUnavailableException($"{MaxWaitingPublishes} messages wait for the disk. Publish again later.");
            }

            var stored = await _writer.RunAsync(
                tables => tables.Publish(message.Id, message.Body.Span), cancellationToken, message.Body.Length).ConfigureAwait(false);
            (stored ? QueueTelemetry.Published : Telemetry.Duplicates).Add(1);
        }
        finally
        {
            Interlocked.Decrement(ref _waitingPublishes);
        }
    }

    public async ValueTask<IReadOnlyList<IQueueDelivery>> ReceiveAsync(int maxMessages, CancellationToken cancellationToken)
    {
        QueueArguments.CheckBatch(maxMessages);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var changed = _madeReady.Next;
            var claim = await _writer.RunAsync(tables => tables.Claim(maxMessages), cancellationToken).ConfigureAwait(false);
            if (claim.Messages.Count > 0)
            {
                return Deliver(claim.Messages);
            }

            await WaitAsync(changed, claim.NextDue, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask<IReadOnlyList<DeadLetter>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        QueueArguments.CheckBatch(limit);
        return await _writer.RunAsync(tables => tables.ListDeadLetters(limit), cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<int> RedriveAsync(int limit, CancellationToken cancellationToken)
    {
        QueueArguments.CheckBatch(limit);
        return await _writer.RunAsync(tables => tables.Redrive(limit), cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<int> DiscardAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        QueueArguments.CheckBatch(limit);
        return await _writer.RunAsync(tables => tables.Discard(before, limit), cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<int> DiscardAsync(SessionRef session, CancellationToken cancellationToken) =>
        await _writer.RunAsync(tables => tables.Discard(session), cancellationToken).ConfigureAwait(false);

    public async ValueTask<QueueStatus> GetStatusAsync(CancellationToken cancellationToken) =>
        await _writer.RunAsync(static tables => tables.GetStatus(), cancellationToken).ConfigureAwait(false);

    /// <summary>For the start: throws if a newer version has written the file.</summary>
    public ValueTask CheckVersionAsync(CancellationToken cancellationToken) => new(Task.Run(_file.CheckVersion, cancellationToken));

    public async ValueTask DisposeAsync()
    {
        await _renewal.DisposeAsync().ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _writer.DisposeAsync().ConfigureAwait(false);
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    internal async Task SettleAsync(
        ClaimedMessage message, string outcome, Func<QueueTables, bool> settle, CancellationToken cancellationToken)
    {
        try
        {
            if (!await RunForDeliveryAsync(settle, cancellationToken).ConfigureAwait(false))
            {
                throw new QueueUnavailableException($"The lease of {message.Id} had run out; the message is delivered again.");
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _leases.TryRemove(message.Lease, out _);
            throw;
        }

        _leases.TryRemove(message.Lease, out _);
        QueueTelemetry.CountSettled(outcome);
    }

    /// <summary>Gives a delivery back; where the file does not confirm, its lease runs out.</summary>
    internal async Task ReleaseAsync(ClaimedMessage message)
    {
        _leases.TryRemove(message.Lease, out _);
        try
        {
            await RunForDeliveryAsync(
                tables => tables.Release(message.Sequence, message.Lease), CancellationToken.None).ConfigureAwait(false);
        }
        catch (QueueUnavailableException e)
        {
            QueueLog.GiveBackFailed(_logger, e);
        }
    }

    /// <summary>After the queue's end a delivery has been given back already.</summary>
    private async Task<bool> RunForDeliveryAsync(Func<QueueTables, bool> execute, CancellationToken cancellationToken)
    {
        try
        {
            return await _writer.RunAsync(execute, cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectDisposedException e)
        {
            throw new QueueUnavailableException("The queue was closed before the delivery was settled; the message is delivered again.", e);
        }
    }

    private IQueueDelivery[] Deliver(IReadOnlyList<ClaimedMessage> messages)
    {
        var deliveries = new IQueueDelivery[messages.Count];
        for (var i = 0; i < deliveries.Length; i++)
        {
            _leases[messages[i].Lease] = messages[i].Sequence;
            deliveries[i] = new SqliteDelivery(this, messages[i]);
        }

        return deliveries;
    }

    /// <summary>Waits until this process made a message ready, one is due, or it is time to look for another process's.</summary>
    private async Task WaitAsync(Task changed, long? nextDue, CancellationToken cancellationToken)
    {
        var wait = _options.PollInterval;
        if (nextDue is { } due)
        {
            var untilDue = TimeSpan.FromMilliseconds(Math.Max(1, due - _time.GetUtcNow().ToUnixTimeMilliseconds()));
            wait = untilDue < wait ? untilDue : wait;
        }

        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        await Task.WhenAny(changed, Task.Delay(wait, _time, ends.Token)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
        await ends.CancelAsync().ConfigureAwait(false);
    }

    private async Task RenewAsync()
    {
        if (_leases.IsEmpty)
        {
            return;
        }

        try
        {
            var leases = _leases.ToArray();
            var lost = await _writer.RunAsync(tables => tables.Renew(leases), _stopping.Token).ConfigureAwait(false);

            // One that was settled in between is not lost.
            var count = lost.Count(lease => _leases.TryRemove(lease, out _));
            if (count > 0)
            {
                Log.LeasesLost(_logger, count);
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or OperationCanceledException)
        {
            // The queue is closing and has given everything back.
        }
    }
}
