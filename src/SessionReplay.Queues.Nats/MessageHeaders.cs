using System.Buffers.Text;
using System.Globalization;
using System.Text;
using NATS.Client.Core;

namespace SessionReplay.Queues.Nats;

/// <summary>
/// What a message carries beside its body. NATS headers are lines of ASCII: ids are percent-encoded, reasons are base64 of UTF-8. A sender
/// may write anything into them, so nothing in them can make the reading fail.
/// </summary>
/// <param name="Id">The id given at publishing.</param>
/// <param name="PartitionKey">The session.</param>
/// <param name="Attempts">For a dead letter: how often it had been delivered.</param>
/// <param name="Reason">Why it is a dead letter.</param>
internal readonly record struct MessageHeaders(string Id, string PartitionKey, int Attempts = 0, string? Reason = null)
{
    /// <summary>The bytes that headers take at most: they count towards the server's maximum payload.</summary>
    internal const int MaxBytes = 8192;

    private const string IdName = "Sr-Id";
    private const string PartitionName = "Sr-Partition";
    private const string AttemptsName = "Sr-Attempts";
    private const string ReasonName = "Sr-Reason";
    private const string SizeName = "Nats-Msg-Size";

    internal static MessageHeaders Read(NatsHeaders? headers) => new(
        QueueArguments.ReadName(Uri.UnescapeDataString(Text(headers, IdName)), ""),
        QueueArguments.ReadName(Uri.UnescapeDataString(Text(headers, PartitionName)), ""),
        QueueArguments.ReadCount(Number(headers, AttemptsName)),
        Text(headers, ReasonName) is var reason && Base64.IsValid(reason)
            ? Encoding.UTF8.GetString(Convert.FromBase64String(reason))
            : null);

    /// <summary>Reads the size of the body that the server left out.</summary>
    internal static long ReadSize(NatsHeaders? headers) => Number(headers, SizeName);

    internal NatsHeaders ToHeaders()
    {
        var headers = new NatsHeaders
        {
            [IdName] = Uri.EscapeDataString(Id),
            [PartitionName] = Uri.EscapeDataString(PartitionKey),
        };
        if (Reason is not null)
        {
            headers[AttemptsName] = Attempts.ToString(CultureInfo.InvariantCulture);
            headers[ReasonName] = Convert.ToBase64String(Encoding.UTF8.GetBytes(Reason));
        }

        return headers;
    }

    private static string Text(NatsHeaders? headers, string name) =>
        headers is not null && headers.TryGetValue(name, out var value) ? value.ToString() : "";

    private static long Number(NatsHeaders? headers, string name) => QueueArguments.ReadNumber(Text(headers, name));
}
