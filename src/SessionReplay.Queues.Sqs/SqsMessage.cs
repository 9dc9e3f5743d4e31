using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace SessionReplay.Queues.Sqs;

/// <summary>
/// What a message is for the service: text and attributes of text. The body is a dot and the bytes in base64url, since an empty text is
/// refused; ids are percent-encoded, reasons are base64url of UTF-8. A sender may write anything, so nothing can make the reading fail.
/// </summary>
/// <param name="Id">The id given at publishing.</param>
/// <param name="PartitionKey">The session.</param>
/// <param name="Attempts">For a dead letter: how often it had been delivered.</param>
/// <param name="Reason">Why it is a dead letter.</param>
internal readonly record struct SqsMessage(string Id, string PartitionKey, int Attempts = 0, string? Reason = null)
{
    private const char Marker = '.';
    private const string IdName = "sr-id";
    private const string PartitionName = "sr-partition";
    private const string AttemptsName = "sr-attempts";
    private const string ReasonName = "sr-reason";
    private const string TextType = "String";

    /// <summary>
    /// The bytes that the marker and the attributes take at most: an id of 128 characters is percent-encoded in 384, a reason of 1,024
    /// takes 4,096.
    /// </summary>
    private const int MaxExtraBytes = 6144;

    /// <summary>Gets the attributes of the service that are read.</summary>
    internal static List<string> SystemNames =>
        [MessageSystemAttributeName.ApproximateReceiveCount, MessageSystemAttributeName.SentTimestamp];

    /// <summary>Gets the maximum body in a message of so many bytes.</summary>
    internal static int MaxBody(int maxMessageSize) => (maxMessageSize - MaxExtraBytes) / 4 * 3;

    /// <summary>
    /// Gets the size of a message as the service counts it: the body and the names, types and values of the attributes. All of the
    /// adapter's are ASCII.
    /// </summary>
    internal static int Size(SendMessageBatchRequestEntry entry) =>
        entry.MessageBody.Length
        + entry.MessageAttributes.Sum(attribute => attribute.Key.Length + TextType.Length + attribute.Value.StringValue.Length);

    internal static SqsMessage Read(Message message) => new(
        QueueArguments.ReadName(Uri.UnescapeDataString(Text(message, IdName) ?? ""), message.MessageId),
        QueueArguments.ReadName(Uri.UnescapeDataString(Text(message, PartitionName) ?? ""), message.MessageId),
        QueueArguments.ReadCount(QueueArguments.ReadNumber(Text(message, AttemptsName))),
        Text(message, ReasonName) is { } reason && Base64Url.IsValid(reason)
            ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(reason))
            : null);

    /// <summary>
    /// Reads a body; what others have sent becomes its UTF-8 bytes, so that the worker can refuse it.
    /// </summary>
    internal static byte[] ReadBody(Message message) =>
        HasReason(message.Body, out _) ? Base64Url.DecodeFromChars(message.Body.AsSpan(1)) : Encoding.UTF8.GetBytes(message.Body);

    internal static int ReadBodyLength(Message message) =>
        HasReason(message.Body, out var length) ? length : Encoding.UTF8.GetByteCount(message.Body);

    internal static string EncodeBody(ReadOnlySpan<byte> body) =>
        string.Create(1 + Base64Url.GetEncodedLength(body.Length), body, static (text, body) =>
        {
            text[0] = Marker;
            Base64Url.EncodeToChars(body, text[1..]);
        });

    internal static long ReadNumber(Message message, MessageSystemAttributeName name) =>
        QueueArguments.ReadNumber(message.Attributes?.GetValueOrDefault(name));

    /// <summary>
    /// Makes the message with which a dead letter goes back. Another sender's message gets no attributes: it may have no room for them.
    /// </summary>
    internal static SendMessageBatchRequestEntry ToRedrive(Message message) => Text(message, IdName) is null
        ? new SendMessageBatchRequestEntry { MessageBody = message.Body, MessageAttributes = [] }
        : (Read(message) with { Reason = null }).ToEntry(message.Body);

    internal SendMessageBatchRequestEntry ToEntry(string body)
    {
        var attributes = new Dictionary<string, MessageAttributeValue>
        {
            [IdName] = Value(Uri.EscapeDataString(Id)),
            [PartitionName] = Value(Uri.EscapeDataString(PartitionKey)),
        };
        if (Reason is not null)
        {
            attributes[AttemptsName] = Value(Attempts.ToString(CultureInfo.InvariantCulture));

            // The service refuses an attribute without a value.
            if (Reason.Length > 0)
            {
                attributes[ReasonName] = Value(Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Reason)));
            }
        }

        return new SendMessageBatchRequestEntry { MessageBody = body, MessageAttributes = attributes };
    }

    private static bool HasReason(string body, out int length)
    {
        length = 0;
        return body.Length > 0 && body[0] == Marker && Base64Url.IsValid(body.AsSpan(1), out length);
    }

    private static MessageAttributeValue Value(string text) => new() { DataType = TextType, StringValue = text };

    private static string? Text(Message message, string name) =>
        message.MessageAttributes is { } attributes && attributes.TryGetValue(name, out var value) ? value.StringValue : null;
}
