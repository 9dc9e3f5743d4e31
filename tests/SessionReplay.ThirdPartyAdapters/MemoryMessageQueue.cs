using System.Threading.Channels;
using SessionReplay.Queues;

namespace SessionReplay.ThirdPartyAdapters;

/// <summary>A queue in memory.</summary>
public sealed class MemoryMessageQueue : IMessageQueue
{
    private readonly Channel<(QueueMessage Message, int Attempt)> _messages = Channel.CreateUnbounded<(QueueMessage, int)>();
    private readonly List<DeadLetter> _deadLetters = [];

    public int MaxMessageBytes => 1 << 20;

    public IReadOnlyList<DeadLetter> DeadLetters => _deadLetters;

    public ValueTask PublishAsync(QueueMessage message, CancellationToken cancellationToken) => message.Body.Length > MaxMessageBytes
        ? throw new MessageTooLargeException(message.Body.Length, MaxMessageBytes)
        : _messages.Writer.WriteAsync((message with { Body = message.Body.ToArray() }, 1), cancellationToken);

    public async ValueTask<IReadOnlyList<IQueueDelivery>> ReceiveAsync(int maxMessages, CancellationToken cancellationToken)
    {
        await _messages.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
        var deliveries = new List<IQueueDelivery>();
        while (deliveries.Count < maxMessages && _messages.Reader.TryRead(out var next))
        {
            deliveries.Add(new MemoryDelivery(this, next.Message, next.Attempt));
        }

        return deliveries;
    }

    internal void Return(QueueMessage message, int attempt) => _messages.Writer.TryWrite((message, attempt));

    internal void Bury(DeadLetter letter) => _deadLetters.Add(letter);
}
