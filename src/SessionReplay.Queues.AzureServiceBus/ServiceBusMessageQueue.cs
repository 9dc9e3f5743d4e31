using System.Runtime.Serialization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>The queue on Azure Service Bus.</summary>
internal sealed class ServiceBusMessageQueue : IMessageQueue, IDeadLetterQueue, IQueueMonitor, IAsyncDisposable
{
    private readonly AzureServiceBusQueueOptions _options;
    private readonly ServiceBusLink _link;
    private readonly ServiceBusConsumer _consumer;
    private readonly ServiceBusDeadLetters _deadLetters;
    private readonly TimeProvider _time;

    public ServiceBusMessageQueue(
        IOptions<AzureServiceBusQueueOptions> options, IServiceProvider services, TimeProvider time, ILogger<ServiceBusMessageQueue> logger)
    {
        _options = options.Value;
        _time = time;
        _link = new ServiceBusLink(_options, services, time, logger);
        _deadLetters = new ServiceBusDeadLetters(_link);
        _consumer = new ServiceBusConsumer(_link, _deadLetters);
    }

    /// <summary>Gets the service's maximum less the headers; until a first call has connected, what the standard tier accepts.</summary>
    public int MaxMessageBytes => (_options.MaxMessageBytes ?? _link.MaxMessageBytes) - MessageHeaders.MaxBytes;

    public ValueTask PublishAsync(QueueMessage message, CancellationToken cancellationToken) => _link.Calls.PublishAsync(
        message,
        end =>
        {
            QueueArguments.CheckSize(message, MaxMessageBytes);
            var headers = new MessageHeaders(message.Id, message.PartitionKey, _time.GetUtcNow().ToUnixTimeMilliseconds(), 0);
            return _link.Sender.SendMessageAsync(headers.ToMessage(message.Id, message.Body), end);
        },
        cancellationToken);

    public async ValueTask<IReadOnlyList<IQueueDelivery>> ReceiveAsync(int maxMessages, CancellationToken cancellationToken)
    {
        QueueArguments.CheckBatch(maxMessages);
        cancellationToken.ThrowIfCancellationRequested();
        await EnsureReadyAsync(cancellationToken).ConfigureAwait(false);
        return await _consumer.TakeAsync(maxMessages, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<IReadOnlyList<DeadLetter>> ListAsync(int limit, CancellationToken cancellationToken) =>
        _link.Calls.OperateAsync(limit, end => _deadLetters.ListAsync(limit, end), cancellationToken);

    public ValueTask<int> RedriveAsync(int limit, CancellationToken cancellationToken) =>
        _link.Calls.OperateAsync(limit, end => _deadLetters.RedriveAsync(limit, end), cancellationToken);

    public ValueTask<int> DiscardAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        _link.Calls.OperateAsync(limit, end => _deadLetters.DiscardAsync(before, limit, end), cancellationToken);

    public async ValueTask<QueueStatus> GetStatusAsync(CancellationToken cancellationToken) =>
        await _link.Calls.RunAsync(
            async end =>
            {
                var counts = await _link.CountAsync(end).ConfigureAwait(false);
                var messages = counts.ActiveMessageCount + counts.ScheduledMessageCount;
                var inFlight = Math.Min(_consumer.InFlight, messages);
                var age = inFlight == messages ? null : await GetOldestAgeAsync(end).ConfigureAwait(false);
                return new QueueStatus(messages - inFlight, inFlight, counts.DeadLetterMessageCount, age);
            },
            cancellationToken).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        await _consumer.DisposeAsync().ConfigureAwait(false);
        await _link.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Makes sure that the queue exists and accepts messages.</summary>
    internal Task EnsureReadyAsync(CancellationToken cancellationToken) =>
        _link.Calls.RunAsync(static _ => Task.CompletedTask, cancellationToken);

    /// <summary>Gets the time since the first publish, retries included; for another sender's message, since the service has it.</summary>
    private async Task<TimeSpan?> GetOldestAgeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var now = _time.GetUtcNow();
            var first = await _link.Receiver.PeekMessagesAsync(1, 0, cancellationToken).ConfigureAwait(false);
            return first is [var oldest]
                ? QueueArguments.Age(MessageHeaders.Read(oldest).PublishedAt, now) ?? QueueArguments.Age(oldest.EnqueuedTime, now)
                : null;
        }
        catch (SerializationException)
        {
            // The client cannot read the message.
            return null;
        }
    }
}
