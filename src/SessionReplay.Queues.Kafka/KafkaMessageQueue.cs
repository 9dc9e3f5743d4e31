using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SessionReplay.Queues.Kafka;

/// <summary>The queue on topics of Kafka.</summary>
internal sealed class KafkaMessageQueue : IMessageQueue, IDeadLetterQueue, IQueueMonitor, IAsyncDisposable
{
    private readonly KafkaQueueOptions _options;
    private readonly KafkaLink _link;
    private readonly MessageBuffer _buffer;
    private readonly KafkaReceiver _receiver;
    private readonly KafkaDeadLetters _deadLetters;
    private readonly KafkaMonitor _monitor;
    private readonly BrokerCalls _calls;

    public KafkaMessageQueue(
        IOptions<KafkaQueueOptions> options, IServiceProvider services, TimeProvider time, ILogger<KafkaMessageQueue> logger)
    {
        _options = options.Value;
        _link = new KafkaLink(_options, _options.ServiceKey is { } key ? services.GetClient<ClientConfig>(key) : null, time, logger);
        _calls = new BrokerCalls(_link.CallTimeout, KafkaErrors.Unavailable, time, logger) { Connect = _link.EnsureAsync };
        _buffer = new MessageBuffer(_options);
        _receiver = new KafkaReceiver(_link, _options, _buffer, time, logger);
        _deadLetters = new KafkaDeadLetters(_link, _options);
        _monitor = new KafkaMonitor(_link, _options, _buffer, time, logger);
    }

    /// <summary>Gets the maximum record less what key and headers take.</summary>
    public int MaxMessageBytes => _options.MaxMessageBytes - MessageHeaders.MaxBytes;

    public async ValueTask PublishAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        QueueArguments.CheckSize(message, MaxMessageBytes);
        var headers = new MessageHeaders(message.Id, _calls.Time.GetUtcNow().ToUnixTimeMilliseconds());
        await _calls.PublishAsync(
            message,
            end => _link.ProduceAsync(_link.Topic, Encoding.ASCII.GetBytes(message.PartitionKey), message.Body, headers, end),
            cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<IQueueDelivery>> ReceiveAsync(int maxMessages, CancellationToken cancellationToken)
    {
        QueueArguments.CheckBatch(maxMessages);
        await _calls.RunAsync(static _ => Task.CompletedTask, cancellationToken).ConfigureAwait(false);
        _receiver.Start();
        var messages = await _buffer.TakeAsync(maxMessages, cancellationToken).ConfigureAwait(false);
        return messages.ConvertAll(
            message => new QueueDelivery(new KafkaDelivery(_link, _buffer, _options, _calls.Time, message), _calls));
    }

    public ValueTask<IReadOnlyList<DeadLetter>> ListAsync(int limit, CancellationToken cancellationToken) =>
        _calls.OperateAsync(limit, end => _deadLetters.ListAsync(limit, end), cancellationToken);

    public ValueTask<int> RedriveAsync(int limit, CancellationToken cancellationToken) =>
        _calls.OperateAsync(limit, end => _deadLetters.RedriveAsync(limit, end), cancellationToken);

    public ValueTask<int> DiscardAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        _calls.OperateAsync(limit, end => _deadLetters.DiscardAsync(before, limit, end), cancellationToken);

    public async ValueTask<QueueStatus> GetStatusAsync(CancellationToken cancellationToken) =>
        await _calls.RunAsync(_monitor.GetStatusAsync, cancellationToken, _options.ConfirmTimeout * 2).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        await _receiver.StopAsync().ConfigureAwait(false);
        await Task.Run(() =>
        {
            _link.Flush();
            _monitor.Dispose();
            _link.Dispose();
        }).ConfigureAwait(false);
    }
}
