using Amqp;
using Amqp.Types;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>A message that the service has locked and sent, and that waits for, or is with, its consumer.</summary>
internal sealed class ReceivedMessage
{
    private const int LockTokenBytes = 16;
    private const int DeferredState = 1;
    private static readonly Symbol SequenceNumberName = "x-opt-sequence-number";
    private static readonly Symbol StateName = "x-opt-message-state";
    private volatile bool _isLost;

    /// <summary>Reads a message that came over a link, whose tag is the name of its lock.</summary>
    internal ReceivedMessage(Message message)
    {
        Message = message;
        Headers = MessageHeaders.Read(message);
        Body = MessageBody.Read(message);
        Returns = QueueArguments.ReadCount(message.Header?.DeliveryCount ?? 0);
        SequenceNumber = ReadSequenceNumber(message);
        LockToken = message.DeliveryTag is { Length: LockTokenBytes } tag ? new Guid(tag) : null;
    }

    /// <summary>Reads a deferred message. What it was deferred for and how often it came back since is the reminder's to tell.</summary>
    internal ReceivedMessage(Message message, Guid lockToken, ReceivedMessage reminder)
        : this(message)
    {
        Headers = Headers with { Attempts = reminder.Headers.Attempts, Deferred = null };
        Returns = reminder.Returns;
        LockToken = lockToken;
        Reminder = reminder;
    }

    internal Message Message { get; }

    internal MessageHeaders Headers { get; }

    internal ArraySegment<byte> Body { get; }

    /// <summary>Gets how often the service took it back unsettled.</summary>
    internal int Returns { get; }

    /// <summary>Gets the service's name for it, where the peer has one.</summary>
    internal long? SequenceNumber { get; }

    /// <summary>Gets the name of its lock, where the peer uses locks.</summary>
    internal Guid? LockToken { get; }

    /// <summary>Gets the reminder that a deferred message was fetched for, which stays locked until the message is settled.</summary>
    internal ReceivedMessage? Reminder { get; }

    /// <summary>Gets a value indicating whether the service has told that the lock is lost.</summary>
    internal bool IsLost => _isLost;

    internal static long? ReadSequenceNumber(Message message) => message.MessageAnnotations?.Map[SequenceNumberName] as long?;

    internal static bool IsDeferred(Message message) => MessageHeaders.Number(message.MessageAnnotations?.Map, StateName) == DeferredState;

    internal void MarkLost() => _isLost = true;
}
