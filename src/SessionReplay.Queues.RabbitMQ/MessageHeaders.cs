using System.Text;
using RabbitMQ.Client;

namespace SessionReplay.Queues.RabbitMQ;

/// <summary>
/// What a message carries beside its body. A sender may write anything into it, so nothing in it can make the reading fail.
/// </summary>
/// <param name="Id">The id given at publishing.</param>
/// <param name="PartitionKey">The session.</param>
/// <param name="PublishedAt">When it was published first, ms since the Unix epoch.</param>
/// <param name="Attempts">How often it was given back for a retry; for a dead letter, how often it was delivered.</param>
/// <param name="Reason">Why it is a dead letter.</param>
/// <param name="DeadAt">Since when it is one, ms since the Unix epoch.</param>
internal readonly record struct MessageHeaders(string Id, string PartitionKey, long PublishedAt, int Attempts, string? Reason, long DeadAt)
{
    private const string PartitionName = "sr-partition";
    private const string PublishedName = "sr-published-at";
    private const string AttemptsName = "sr-attempts";
    private const string ReasonName = "sr-reason";
    private const string DeadAtName = "sr-dead-at";

    internal static MessageHeaders Read(IReadOnlyBasicProperties properties)
    {
        var headers = properties.Headers;
        return new MessageHeaders(
            QueueArguments.ReadName(properties.MessageId, ""),
            QueueArguments.ReadName(Text(headers, PartitionName), ""),
            Number(headers, PublishedName),
            QueueArguments.ReadCount(Number(headers, AttemptsName)),
            Text(headers, ReasonName),
            Number(headers, DeadAtName));
    }

    /// <summary>Reads how often the broker took the message back without its being settled.</summary>
    internal static int ReadReturns(IReadOnlyBasicProperties properties) =>
        QueueArguments.ReadCount(Number(properties.Headers, "x-delivery-count"));

    /// <summary>Reads why and when the broker itself dead-lettered the message: it went past the delivery limit.</summary>
    internal static (string Reason, DateTimeOffset At) ReadBrokersDeath(IReadOnlyBasicProperties properties)
    {
        var reason = "The broker dead-lettered it: " + (Text(properties.Headers, "x-first-death-reason") ?? "unknown reason");
        return properties.Headers?.TryGetValue("x-death", out var deaths) == true
            && deaths is IList<object> { Count: > 0 } list && list[0] is IDictionary<string, object> death
            && death.TryGetValue("time", out var time) && time is AmqpTimestamp timestamp
            ? (reason, QueueArguments.ReadTime(Math.Min(timestamp.UnixTime, long.MaxValue / 1000) * 1000))
            : (reason, DateTimeOffset.UnixEpoch);
    }

    internal BasicProperties ToProperties()
    {
        var headers = new Dictionary<string, object?>
        {
            [PartitionName] = PartitionKey,
            [PublishedName] = PublishedAt,
            [AttemptsName] = Attempts,
        };
        if (Reason is not null)
        {
            headers[ReasonName] = Reason;
            headers[DeadAtName] = DeadAt;
        }

        return new BasicProperties { MessageId = Id, Persistent = true, ContentType = "application/octet-stream", Headers = headers };
    }

    private static long Number(IDictionary<string, object?>? headers, string name) =>
        headers is not null && headers.TryGetValue(name, out var value)
            ? value switch { long number => number, int number => number, short number => number, byte number => number, _ => 0 }
            : 0;

    private static string? Text(IDictionary<string, object?>? headers, string name) =>
        headers is not null && headers.TryGetValue(name, out var value)
            ? value switch { byte[] bytes => Encoding.UTF8.GetString(bytes), string text => text, _ => null }
            : null;
}
