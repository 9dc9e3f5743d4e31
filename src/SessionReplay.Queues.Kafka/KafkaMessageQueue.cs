using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SessionReplay.Queues.Kafka;

/// <summary>The queue on topics of Kafka.</summary>
internal sealed class KafkaMessageQueue : IMessageQueue, IDeadLetterQueue, IQueueMonitor, IAsyncDisposable
{
    private static readonly TimeSpan LongestPostponement = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan OperatorTimeout = TimeSpan.FromMinutes(10);
    private readonly KafkaQueueOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly KafkaLink _link;
    private readonly MessageBuffer _buffer;
    private readonly KafkaReceiver _receiver;
    private readonly KafkaDeadLetters _deadLetters;
    private readonly KafkaMonitor _monitor;

    public KafkaMessageQueue(IOptions<KafkaQueueOptions> options, IServiceProvider services, TimeProvider time, ILogger<KafkaMessageQueue> logger)
    {
        _options = options.Value;
        _time = time;
        _logger = logger;
        _link = new KafkaLink(_options, _options.ServiceKey is { } key ? services.GetClient<ClientConfig>(key) : null, time, logger);
        _buffer = new MessageBuffer(_options);
        _receiver = new KafkaReceiver(_link, _options, _buffer, time, logger);
        _deadLetters = new KafkaDeadLetters(_link, _options);
        _monitor = new KafkaMonitor(_link, _options, _buffer, time, logger);
    }

    /// <summary>Gets the greatest record less what key and headers take.</summary>
    public int MaxMessageBytes => _options.MaxMessageBytes - MessageHeaders.MaxBytes;

    internal int MaxAttempts => _options.MaxAttempts;

    public async ValueTask PublishAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        QueueArguments.Check(message);
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
                    _link.Topic, Encoding.ASCII.GetBytes(message.PartitionKey), message.Body, new MessageHeaders(message.Id, Now()), end).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        Telemetry.Published.Add(1);
        Telemetry.ConfirmDuration.Record(_time.GetElapsedTime(started).TotalSeconds);
    }

    public async ValueTask<IReadOnlyList<IQueueDelivery>> ReceiveAsync(int maxMessages, CancellationToken cancellationToken)
    {
        QueueArguments.CheckBatch(maxMessages);
        await CallAsync(_ => Task.FromResult(true), cancellationToken).ConfigureAwait(false);
        _receiver.Start();
        var messages = await _buffer.TakeAsync(maxMessages, cancellationToken).ConfigureAwait(false);
        return messages.ConvertAll(message => new KafkaDelivery(this, message));
    }

    public async ValueTask<IReadOnlyList<DeadLetter>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        QueueArguments.CheckBatch(limit);
        return await CallAsync(end => _deadLetters.ListAsync(limit, end), cancellationToken, OperatorTimeout).ConfigureAwait(false);
    }

    public async ValueTask<int> RedriveAsync(int limit, CancellationToken cancellationToken)
    {
        QueueArguments.CheckBatch(limit);
        return await CallAsync(end => _deadLetters.RedriveAsync(limit, end), cancellationToken, OperatorTimeout).ConfigureAwait(false);
    }

    public async ValueTask<int> DiscardAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        QueueArguments.CheckBatch(limit);
        return await CallAsync(end => _deadLetters.DiscardAsync(before, limit, end), cancellationToken, OperatorTimeout).ConfigureAwait(false);
    }

    public async ValueTask<QueueStatus> GetStatusAsync(CancellationToken cancellationToken) =>
        await CallAsync(_monitor.GetStatusAsync, cancellationToken, _options.ConfirmTimeout * 2).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        await _receiver.StopAsync(abandon: false).ConfigureAwait(false);
        await Task.Run(_link.Flush).ConfigureAwait(false);
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
        var headers = message.Headers with { Attempts = message.Attempt, Due = Now() + (long)delay.TotalMilliseconds, Reason = null };
        return MoveAsync(message, _link.RetryTopic, headers, "retry", cancellationToken);
    }

    /// <summary>Copies the message to the dead letters and then settles it.</summary>
    internal async Task DeadLetterAsync(BufferedMessage message, string reason, bool keepBody, CancellationToken cancellationToken)
    {
        var headers = message.Headers with { Attempts = message.Attempt, Due = 0, Reason = reason };
        await MoveAsync(message, _link.DeadTopic, headers, "dead_letter", cancellationToken, keepBody).ConfigureAwait(false);
        Log.DeadLettered(_logger, headers.Id, headers.Attempts, reason);
    }

    /// <summary>Delivers the message again at once.</summary>
    internal void GiveBack(BufferedMessage message) => _buffer.GiveBack(message, due: null);

    /// <summary>Delivers the message again after a moment.</summary>
    internal void Postpone(BufferedMessage message) =>
        _buffer.GiveBack(message, Now() + (long)Math.Min(_options.FirstRetryDelay.TotalMilliseconds, LongestPostponement.TotalMilliseconds));

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private static QueueUnavailableException Gone() =>
        new("The partition of the message went to another consumer, which delivers it again.");

    private async Task MoveAsync(
        BufferedMessage message, string topic, MessageHeaders headers, string outcome, CancellationToken cancellationToken, bool keepBody = true)
    {
        if (!_buffer.IsOwned(message))
        {
            throw Gone();
        }

        await CallAsync(
            async end =>
            {
                await _link.ProduceAsync(topic, message.Key, keepBody ? message.Body : default, headers, end).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        Settle(message, outcome);
    }

    private void Settle(BufferedMessage message, string outcome)
    {
        if (!_buffer.Settle(message))
        {
            throw Gone();
        }

        Telemetry.Settled.Add(1, new KeyValuePair<string, object?>("sessionreplay.queue.outcome", outcome));
    }

    private Task CloseAsync() => Task.Run(() =>
    {
        _monitor.Dispose();
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
