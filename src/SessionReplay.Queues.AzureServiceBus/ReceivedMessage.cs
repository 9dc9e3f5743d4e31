using Amqp;
using Amqp.Types;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>A message that the service has locked and sent, and that waits for, or is with, its consumer.</summary>
internal sealed class ReceivedMessage
{
    private const int LockTokenBytes = 16;
    private static readonly Symbol SequenceNumberName = "x-opt-sequence-number";
    private volatile bool _isLost;

    internal ReceivedMessage(Message message)
    {
        Message = message;
        Headers = MessageHeaders.Read(message);
        Body = MessageBody.Read(message);
        Returns = QueueArguments.ReadCount(message.Header?.DeliveryCount ?? 0);
        SequenceNumber = MessageHeaders.Number(message.MessageAnnotations?.Map, SequenceNumberName);
        LockToken = message.DeliveryTag is { Length: LockTokenBytes } tag ? new Guid(tag) : null;
    }

    internal Message Message { get; }

    internal MessageHeaders Headers { get; }

    internal ArraySegment<byte> Body { get; }

    /// <summary>Gets how often the service took it back unsettled.</summary>
    internal int Returns { get; }

    internal long SequenceNumber { get; }

    /// <summary>Gets the name of its lock, where the peer uses locks.</summary>
    internal Guid? LockToken { get; }

    /// <summary>Gets a value indicating whether the service has told that the lock is lost.</summary>
    internal bool IsLost => _isLost;

    internal void MarkLost() => _isLost = true;
}
