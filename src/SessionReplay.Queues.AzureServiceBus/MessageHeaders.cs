using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Core.Amqp;
using Azure.Messaging.ServiceBus;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>What a message carries beside its body. A sender may write anything into it, so nothing in it makes the reading fail.</summary>
/// <param name="Id">The id given at publishing.</param>
/// <param name="PartitionKey">The session.</param>
/// <param name="PublishedAt">When it was published first, ms since the Unix epoch.</param>
/// <param name="Attempts">How often it was given back for a retry; for a dead letter, how often it was delivered.</param>
/// <param name="Released">How many deliveries were given back unsettled, which the service counts and the contract does not.</param>
/// <param name="Redrive">Names the call that has put it back last, if one has.</param>
internal readonly record struct MessageHeaders(
    string Id, string PartitionKey, long PublishedAt, int Attempts, int Released = 0, string? Redrive = null)
{
    /// <summary>What headers take at most. They count towards the service's maximum size, also those that a dead letter gets.</summary>
    internal const int MaxBytes = 8192;

    internal const string AttemptsName = "sr-attempts";
    internal const string DeadAtName = "sr-dead-at";
    internal const string ReleasedName = "sr-released";
    private const int MaxRedriveLength = 64;
    private const string IdName = "sr-id";
    private const string PublishedName = "sr-published-at";
    private const string RedriveName = "sr-redrive";

    internal static MessageHeaders Read(ServiceBusReceivedMessage message) => new(
        QueueArguments.ReadName(Text(message, IdName) ?? message.MessageId, ""),
        QueueArguments.ReadName(message.PartitionKey, ""),
        Number(message, PublishedName),
        QueueArguments.ReadCount(Number(message, AttemptsName)),
        QueueArguments.ReadCount(Number(message, ReleasedName)),
        Text(message, RedriveName) is { Length: <= MaxRedriveLength } redrive ? redrive : null);

    /// <summary>Counts deliveries, without those that were given back unsettled.</summary>
    /// <param name="message">The message, whose count includes the present delivery unless it was peeked.</param>
    internal int CountDeliveries(ServiceBusReceivedMessage message) => Attempts + Math.Max(0, message.DeliveryCount - Released);

    /// <summary>Reads a body of bytes; any other is empty.</summary>
    internal static ReadOnlyMemory<byte> ReadBody(ServiceBusReceivedMessage message)
    {
        var body = message.GetRawAmqpMessage().Body;
        return body.BodyType == AmqpMessageBodyType.Data ? message.Body.ToMemory()
            : body.TryGetValue(out var value) && value is byte[] bytes ? bytes
            : default;
    }

    internal static string? Text(ServiceBusReceivedMessage message, string name) =>
        message.ApplicationProperties.GetValueOrDefault(name) as string;

    internal static long Number(ServiceBusReceivedMessage message, string name) =>
        message.ApplicationProperties.GetValueOrDefault(name) switch { long number => number, int number => number, _ => 0 };

    /// <summary>Makes an id for a copy of the message: duplicate detection would drop a copy with the same id.</summary>
    /// <param name="purpose">Why it is sent.</param>
    /// <param name="sequenceNumber">That of the message, so that the same copy sent twice is a duplicate.</param>
    internal string CopyId(string purpose, long sequenceNumber)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{purpose}/{Attempts}/{sequenceNumber}/{Id}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Makes the message to send.</summary>
    /// <param name="messageId">What duplicate detection compares.</param>
    /// <param name="body">The body, which is not copied.</param>
    internal ServiceBusMessage ToMessage(string messageId, ReadOnlyMemory<byte> body)
    {
        var message = new ServiceBusMessage(body) { MessageId = messageId, ContentType = "application/octet-stream" };
        if (PartitionKey.Length > 0)
        {
            message.PartitionKey = PartitionKey;
        }

        message.ApplicationProperties[IdName] = Id;
        message.ApplicationProperties[PublishedName] = PublishedAt;
        message.ApplicationProperties[AttemptsName] = Attempts;
        if (Redrive is not null)
        {
            message.ApplicationProperties[RedriveName] = Redrive;
        }

        return message;
    }
}
