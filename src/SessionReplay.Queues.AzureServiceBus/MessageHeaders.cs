using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>What a message carries beside its body. Who may send may write anything into it, so nothing in it can make the reading fail.</summary>
/// <param name="Id">The id given at publishing.</param>
/// <param name="PartitionKey">The session.</param>
/// <param name="PublishedAt">When it was published first, ms since the Unix epoch.</param>
/// <param name="Attempts">How often it was given back for a retry; for a dead letter, how often it was delivered.</param>
/// <param name="Redrive">Names the call that has put it back last, if one has.</param>
/// <param name="Deferred">The sequence number of the deferred message that this one is a reminder of, if it is one.</param>
internal readonly record struct MessageHeaders(
    string Id, string PartitionKey, long PublishedAt, int Attempts, string? Redrive = null, long? Deferred = null)
{
    /// <summary>What headers take at most. They count towards the service's greatest message, also those that a dead letter gets.</summary>
    internal const int MaxBytes = 8192;

    private const int MaxRedriveLength = 64;
    internal const string AttemptsName = "sr-attempts";
    internal const string DeadAtName = "sr-dead-at";
    private const string IdName = "sr-id";
    private const string PublishedName = "sr-published-at";
    private const string RedriveName = "sr-redrive";
    private const string DeferredName = "sr-deferred";
    private static readonly Symbol PartitionKeyName = "x-opt-partition-key";
    private static readonly Symbol EnqueuedName = "x-opt-enqueued-time";
    private static readonly Symbol ScheduledName = "x-opt-scheduled-enqueue-time";

    internal static MessageHeaders Read(Message message)
    {
        var properties = message.ApplicationProperties?.Map;
        return new MessageHeaders(
            QueueArguments.ReadName(Text(properties, IdName) ?? message.Properties?.GetMessageId()?.ToString(), ""),
            QueueArguments.ReadName(message.MessageAnnotations?.Map[PartitionKeyName] as string, ""),
            Number(properties, PublishedName),
            QueueArguments.ReadCount(Number(properties, AttemptsName)),
            Text(properties, RedriveName) is { Length: <= MaxRedriveLength } redrive ? redrive : null,
            properties?[DeferredName] as long?);
    }

    /// <summary>Reads when the service took the message.</summary>
    internal static DateTimeOffset? ReadEnqueued(Message message) =>
        message.MessageAnnotations?.Map[EnqueuedName] is DateTime at ? new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc)) : null;

    internal static string? Text(Map? properties, string name) => properties?[name] as string;

    internal static long Number(Map? properties, object name) => properties?[name] switch
    {
        long number => number,
        int number => number,
        uint number => number,
        ulong number => (long)Math.Min(number, long.MaxValue),
        short number => number,
        ushort number => number,
        byte number => number,
        sbyte number => number,
        _ => 0,
    };

    /// <summary>
    /// Makes an id for a copy or a reminder of the message: the service's duplicate check would drop one that carries the id of the message itself.
    /// </summary>
    /// <param name="purpose">Why it is sent.</param>
    /// <param name="sequenceNumber">Names what it is made from, so that the same one sent twice is a duplicate.</param>
    internal string CopyId(string purpose, long sequenceNumber) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{purpose}/{Attempts}/{sequenceNumber}/{Id}"))));

    /// <summary>Makes the message to send.</summary>
    /// <param name="messageId">What the service's duplicate check compares.</param>
    /// <param name="body">The body, which is not copied.</param>
    /// <param name="scheduledAt">When it is to be delivered, if not at once.</param>
    internal Message ToMessage(string messageId, ArraySegment<byte> body, DateTimeOffset? scheduledAt = null)
    {
        var annotations = new MessageAnnotations();
        if (PartitionKey.Length > 0)
        {
            annotations[PartitionKeyName] = PartitionKey;
        }

        if (scheduledAt is { } at)
        {
            annotations[ScheduledName] = at.UtcDateTime;
        }

        var properties = new ApplicationProperties();
        properties[IdName] = Id;
        properties[PublishedName] = PublishedAt;
        properties[AttemptsName] = Attempts;
        if (Redrive is not null)
        {
            properties[RedriveName] = Redrive;
        }

        if (Deferred is { } deferred)
        {
            properties[DeferredName] = deferred;
        }

        return new Message
        {
            Header = new Header { Durable = true },
            MessageAnnotations = annotations,
            Properties = new Properties { MessageId = messageId, ContentType = "application/octet-stream" },
            ApplicationProperties = properties,
            BodySection = new Data { Buffer = new ByteBuffer(body.Array!, body.Offset, body.Count, body.Count) },
        };
    }
}
