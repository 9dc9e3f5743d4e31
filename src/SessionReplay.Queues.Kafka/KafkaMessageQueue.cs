using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SessionReplay.Queues.Kafka;

/// <summary>The queue on topics of Kafka.</summary>
internal sealed class KafkaMessageQueue : IMessageQueue, IDeadLetterQueue, IQueueMonitor, IAsyncDisposable
{
    private const int MaxNameLength = 128;
    private const int MaxBatch = 1000;
    private static readonly TimeSpan OperatorTimeout = TimeSpan.FromMinutes(10);
    private readonly KafkaQueueOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly KafkaLink _link;
    private readonly MessageBuffer _buffer;
    private readonly KafkaReceiver _receiver;
    private readonly KafkaDeadLetters _deadLetters;
    private readonly KafkaOffsets _work;
    private readonly KafkaOffsets _dead;

    public KafkaMessageQueue(IOptions<KafkaQueueOptions> options, TimeProvider time, ILogger<KafkaMessageQueue> logger)
    {
        _options = options.Value;
        _time = time;
        _logger = logger;
        _link = new KafkaLink(_options, logger);
        _buffer = new MessageBuffer(_options);
        _receiver = new KafkaReceiver(_link, _options, _buffer, time, logger);
        _deadLetters = new KafkaDeadLetters(_link, _options);
        _work = new KafkaOffsets(_link, _options, _options.Group);
        _dead = new KafkaOffsets(_link, _options, KafkaDeadLetters.GroupOf(_options));
    }

    /// <summary>Gets the greatest record less what key and headers take.</summary>
    public int MaxMessageBytes => _options.MaxRecordBytes - MessageHeaders.MaxBytes;

    internal int MaxAttempts => _options.MaxAttempts;

    public async ValueTask PublishAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        CheckName(message.Id, "id");
        CheckName(message.PartitionKey, "partition key");
        if (message.Body.Length > MaxMessageBytes)
        {
            throw new MessageTooLargeException(message.Body.Length, MaxMessageBytes);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var started = _time.GetTimestamp();
        await CallAsync(
            async end =>
            {
                await _link.ProduceAsync(
                    _link.Topic, Encoding.ASCII.GetBytes(message.PartitionKey), message.Body, new MessageHeaders(message.Id), end).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        Telemetry.Published.Add(1);
        Telemetry.ConfirmDuration.Record(_time.GetElapsedTime(started).TotalSeconds);
    }

    public async ValueTask<IReadOnlyList<IQueueDelivery>> ReceiveAsync(int maxMessages, CancellationToken cancellationToken)
    {
        CheckBatch(maxMessages);
        await CallAsync(_ => Task.FromResult(true), cancellationToken).ConfigureAwait(false);
        _receiver.Start();
        var messages = await _buffer.TakeAsync(maxMessages, cancellationToken).ConfigureAwait(false);
        return messages.ConvertAll(message => new KafkaDelivery(this, message));
    }

    public async ValueTask<IReadOnlyList<DeadLetter>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        CheckBatch(limit);
        return await CallAsync(end => _deadLetters.ListAsync(limit, end), cancellationToken, OperatorTimeout).ConfigureAwait(false);
    }

    public async ValueTask<int> RedriveAsync(int limit, CancellationToken cancellationToken)
    {
        CheckBatch(limit);
        return await CallAsync(end => _deadLetters.RedriveAsync(limit, end), cancellationToken, OperatorTimeout).ConfigureAwait(false);
    }

    public async ValueTask<QueueStatus> GetStatusAsync(CancellationToken cancellationToken) =>
        await CallAsync(
            async end =>
            {
                var lag = await _work.CountAsync(_link.WorkPartitions).WaitAsync(end).ConfigureAwait(false);
                var dead = await _dead.CountAsync([_link.DeadPartition]).WaitAsync(end).ConfigureAwait(false);
                var (delivered, settled) = _buffer.Counts;
                return new QueueStatus(Math.Max(0, lag - delivered - settled), delivered, dead, null);
            },
            cancellationToken,
            _options.ConfirmTimeout * 2).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        await _receiver.StopAsync(abandon: false).ConfigureAwait(false);
        await CloseAsync().ConfigureAwait(false);
    }

    /// <summary>Ends as if the process had been killed, for tests of the recovery.</summary>
    internal async Task AbandonAsync()
    {
        await _receiver.StopAsync(abandon: true).ConfigureAwait(false);
        await CloseAsync().ConfigureAwait(false);
    }

    internal Task AckAsync(BufferedMessage message)
    {
        Settle(message, "ack");
        return Task.CompletedTask;
    }

    /// <summary>Copies the message to the topic of the delayed ones and then settles it, so that a crash on the way leaves it twice and never loses it.</summary>
    internal Task RetryAsync(BufferedMessage message, CancellationToken cancellationToken)
    {
        var delay = RetryDelay.Compute(message.Attempt, _options.FirstRetryDelay, _options.MaxRetryDelay, Random.Shared.NextDouble());
        var due = (_time.GetUtcNow() + delay).ToUnixTimeMilliseconds();
        return MoveAsync(message, _link.RetryTopic, new MessageHeaders(message.Headers.Id, message.Attempt, due), "retry", cancellationToken);
    }

    /// <summary>Copies the message to the dead letters and then settles it.</summary>
    internal async Task DeadLetterAsync(BufferedMessage message, string reason, CancellationToken cancellationToken)
    {
        var headers = new MessageHeaders(message.Headers.Id, message.Attempt, 0, reason);
        await MoveAsync(message, _link.DeadTopic, headers, "dead_letter", cancellationToken).ConfigureAwait(false);
        Log.DeadLettered(_logger, headers.Id, headers.Attempts, reason);
    }

    internal void GiveBack(BufferedMessage message) => _buffer.End(message, isSettled: false);

    private static void CheckName(string? value, string what)
    {
        if (string.IsNullOrEmpty(value) || value.Length > MaxNameLength || !Ascii.IsValid(value))
        {
            throw new ArgumentException($"The message's {what} must have 1 to {MaxNameLength} ASCII characters.");
        }
    }

    private static void CheckBatch(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxBatch);
    }

    private static QueueUnavailableException Gone() =>
        new("The partition of the message went to another consumer, which delivers it again.");

    private async Task MoveAsync(
        BufferedMessage message, string topic, MessageHeaders headers, string outcome, CancellationToken cancellationToken)
    {
        if (!_buffer.IsOwned(message))
        {
            throw Gone();
        }

        await CallAsync(
            async end =>
            {
                await _link.ProduceAsync(topic, message.Key, message.Body, headers, end).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        Settle(message, outcome);
    }

    private void Settle(BufferedMessage message, string outcome)
    {
        if (!_buffer.End(message, isSettled: true))
        {
            throw Gone();
        }

        Telemetry.Settled.Add(1, new KeyValuePair<string, object?>("sessionreplay.queue.outcome", outcome));
    }

    private Task CloseAsync() => Task.Run(() =>
    {
        _work.Dispose();
        _dead.Dispose();
        _link.Dispose();
    });

    /// <summary>Runs a call within the time limit; whatever fails but the caller's own cancellation is the queue's unavailability.</summary>
    private async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken, TimeSpan? timeout = null)
    {
        using var limit = new CancellationTokenSource(timeout ?? (_options.ConfirmTimeout + TimeSpan.FromSeconds(5)), _time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await _link.EnsureAsync(end.Token).ConfigureAwait(false);
            return await call(end.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not QueueUnavailableException && !(e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            Telemetry.Failures.Add(1);
            throw KafkaLink.Unavailable(e);
        }
    }
}
