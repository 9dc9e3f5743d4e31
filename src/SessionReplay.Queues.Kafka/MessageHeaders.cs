using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace SessionReplay.Queues.Kafka;

/// <summary>What a record carries beside its key and body, as UTF-8.</summary>
/// <param name="Id">The id given at publishing.</param>
/// <param name="Attempts">How often the message had been delivered when the record was written.</param>
/// <param name="Due">When it may be delivered again, ms since the Unix epoch; 0 is at once.</param>
/// <param name="Reason">Why it is a dead letter.</param>
internal readonly record struct MessageHeaders(string Id, int Attempts = 0, long Due = 0, string? Reason = null)
{
    /// <summary>The bytes that key, headers and framing take at most of a record.</summary>
    internal const int MaxBytes = 8192;

    private const string IdName = "sr-id";
    private const string AttemptsName = "sr-attempts";
    private const string DueName = "sr-due";
    private const string ReasonName = "sr-reason";

    /// <summary>Reads the headers; a record of a stranger is named after its place.</summary>
    internal static MessageHeaders Read(Headers? headers, TopicPartitionOffset place)
    {
        var id = Text(headers, IdName);
        return new MessageHeaders(
            id.Length > 0 ? id : string.Create(CultureInfo.InvariantCulture, $"{place.Topic}-{place.Partition.Value}-{place.Offset.Value}"),
            (int)Math.Min(int.MaxValue - 1, Number(headers, AttemptsName)),
            Number(headers, DueName),
            Text(headers, ReasonName));
    }

    internal Headers ToHeaders()
    {
        var headers = new Headers { { IdName, Encoding.UTF8.GetBytes(Id) } };
        if (Attempts > 0)
        {
            headers.Add(AttemptsName, Encoding.UTF8.GetBytes(Attempts.ToString(CultureInfo.InvariantCulture)));
        }

        if (Due > 0)
        {
            headers.Add(DueName, Encoding.UTF8.GetBytes(Due.ToString(CultureInfo.InvariantCulture)));
        }

        if (Reason is not null)
        {
            headers.Add(ReasonName, Encoding.UTF8.GetBytes(Reason));
        }

        return headers;
    }

    private static string Text(Headers? headers, string name) =>
        headers is not null && headers.TryGetLastBytes(name, out var value) && value is not null ? Encoding.UTF8.GetString(value) : "";

    private static long Number(Headers? headers, string name) =>
        long.TryParse(Text(headers, name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;
}
