using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace SessionReplay.Queues.AzureServiceBus.Tests.Peer;

/// <summary>A message as the server stores it.</summary>
internal sealed class StoredMessage(long sequenceNumber, Message content)
{
    public long SequenceNumber { get; } = sequenceNumber;

    public Message Content { get; } = content;

    public uint DeliveryCount { get; set; }

    public DateTimeOffset EnqueuedAt { get; set; } = TimeProvider.System.GetUtcNow();

    /// <summary>Not delivered before.</summary>
    public DateTimeOffset ScheduledAt { get; set; }

    public Guid LockToken { get; set; }

    public DateTimeOffset LockedUntil { get; set; }

    public bool IsLocked => LockToken != Guid.Empty;

    /// <summary>Makes the message that goes over the wire.</summary>
    public LockedMessage ToWire()
    {
        var annotations = new MessageAnnotations();
        foreach (var (key, value) in Content.MessageAnnotations?.Map ?? [])
        {
            annotations.Map[key] = value;
        }

        annotations[(Symbol)"x-opt-sequence-number"] = SequenceNumber;
        annotations[(Symbol)"x-opt-enqueued-time"] = EnqueuedAt.UtcDateTime;
        annotations[(Symbol)"x-opt-locked-until"] = LockedUntil.UtcDateTime;
        annotations[(Symbol)"x-opt-message-state"] = ScheduledAt > TimeProvider.System.GetUtcNow() ? 2 : 0;
        return new LockedMessage(this)
        {
            Header = new Header { Durable = true, DeliveryCount = DeliveryCount },
            MessageAnnotations = annotations,
            Properties = Content.Properties,
            ApplicationProperties = Content.ApplicationProperties,
            BodySection = Content.BodySection,
        };
    }

    /// <summary>Sets properties, as a settlement may.</summary>
    public void Modify(Fields? properties)
    {
        Content.ApplicationProperties ??= new ApplicationProperties();
        foreach (var (key, value) in properties ?? [])
        {
            Content.ApplicationProperties.Map[key.ToString()!] = value;
        }
    }

    public byte[] Encode()
    {
        var buffer = ToWire().Encode();
        return buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray();
    }

    /// <summary>Copies what came over the wire, whose buffers are not the server's.</summary>
    public static Message Copy(Message message)
    {
        var buffer = message.Encode();
        var bytes = buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray();
        return Message.Decode(new ByteBuffer(bytes, 0, bytes.Length, bytes.Length));
    }
}
