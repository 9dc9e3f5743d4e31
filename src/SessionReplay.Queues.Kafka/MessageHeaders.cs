using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace SessionReplay.Queues.Kafka;

/// <summary>What a record carries beside its key and body, as UTF-8.</summary>
/// <param name="Id">The id given at publishing.</param>
/// <param name="PublishedAt">When it was published first, ms since the Unix epoch.</param>
/// <param name="Attempts">How often the message had been delivered when the record was written.</param>
/// <param name="Due">When it may be delivered again, ms since the Unix epoch; 0 is at once.</param>
/// <param name="Reason">Why it is a dead letter.</param>
internal readonly record struct MessageHeaders(string Id, long PublishedAt, int Attempts = 0, long Due = 0, string? Reason = null)
{
    /// <summary>The bytes that key, headers and framing take at most of a record.</summary>
    internal const int MaxBytes = 8192;

    private const string IdName = "sr-id";
    private const string PublishedName = "sr-published";
    private const string AttemptsName = "sr-attempts";
    private const string DueName = "sr-due";
    private const string ReasonName = "sr-reason";

    /// <summary>Reads the headers; a record of a stranger is named after its place, and is as old as the record.</summary>
    internal static MessageHeaders Read(ConsumeResult<byte[], byte[]> result)
    {
        var headers = result.Message.Headers;
        return new MessageHeaders(
            QueueArguments.ReadName(
                Text(headers, IdName),
                string.Create(CultureInfo.InvariantCulture, $"{result.Topic}-{result.Partition.Value}-{result.Offset.Value}")),
            Number(headers, PublishedName) is > 0 and var published ? published : result.Message.Timestamp.UnixTimestampMs,
            QueueArguments.ReadCount(Number(headers, AttemptsName)),
            Number(headers, DueName),
            QueueArguments.KeepReason(Text(headers, ReasonName)));
    }

    internal Headers ToHeaders()
    {
        var headers = new Headers { { IdName, Encoding.UTF8.GetBytes(Id) }, { PublishedName, Digits(PublishedAt) } };
        if (Attempts > 0)
        {
            headers.Add(AttemptsName, Digits(Attempts));
        }

        if (Due > 0)
        {
            headers.Add(DueName, Digits(Due));
        }

        if (Reason is not null)
        {
            headers.Add(ReasonName, Encoding.UTF8.GetBytes(Reason));
        }

        return headers;
    }

    private static byte[] Digits(long value) => Encoding.UTF8.GetBytes(value.ToString(CultureInfo.InvariantCulture));

    private static string Text(Headers? headers, string name) =>
        headers is not null && headers.TryGetLastBytes(name, out var value) && value is not null ? Encoding.UTF8.GetString(value) : "";

    private static long Number(Headers? headers, string name) => QueueArguments.ReadNumber(Text(headers, name));
}
