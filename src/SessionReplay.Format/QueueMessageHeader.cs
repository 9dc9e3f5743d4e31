using System.Buffers.Binary;

namespace SessionReplay.Format;

/// <summary>
/// The fixed part of a queue message (docs/format/v1.md, section 8). The catalog entry follows at <see cref="Size"/>, the body behind them:
/// the rest of the chunk, or the key of the blob that holds the whole chunk (claim check).
/// </summary>
public readonly record struct QueueMessageHeader
{
    /// <summary>The size in bytes, the chunk's header included.</summary>
    public const int Size = PrefixSize + ChunkHeader.Size;

    /// <summary>Where the chunk's header begins in a message.</summary>
    public const int PrefixSize = 24;

    private const uint Magic = 0x5352514d;

    /// <summary>Gets whether the body is the key of a blob and not the chunk itself.</summary>
    public required bool IsClaimCheck { get; init; }

    /// <summary>Gets when ingest received the batch, ms since the Unix epoch on the server's clock.</summary>
    public required long ReceivedAt { get; init; }

    /// <summary>Gets the size of the catalog entry in bytes.</summary>
    public required int EntryLength { get; init; }

    /// <summary>Gets the size of the body in bytes.</summary>
    public required int BodyLength { get; init; }

    /// <summary>Gets the size of the whole message in bytes.</summary>
    public long MessageLength => Size + (long)EntryLength + BodyLength;

    /// <summary>
    /// Reads and checks the fixed part of a message; <see cref="ChunkHeaderCodec.Read(ReadOnlySpan{byte})"/> reads the chunk's header at
    /// <see cref="PrefixSize"/>.
    /// </summary>
    /// <param name="message">The whole message.</param>
    /// <returns>The header.</returns>
    /// <exception cref="FormatRejectedException">Rule Q1 is broken.</exception>
    public static QueueMessageHeader Read(ReadOnlySpan<byte> message)
    {
        if (message.Length < Size || BinaryPrimitives.ReadUInt32BigEndian(message) != Magic || message[4] != 1
            || message[5] is not (1 or 2) || message[6] != 0 || message[7] != 0)
        {
            throw new FormatRejectedException("Q1", "The queue message has an unknown magic, version or kind.");
        }

        var entry = BinaryPrimitives.ReadUInt32BigEndian(message[16..]);
        var body = BinaryPrimitives.ReadUInt32BigEndian(message[20..]);
        if (Size + (long)entry + body != message.Length)
        {
            throw new FormatRejectedException("Q1", "The lengths in the queue message do not add up.");
        }

        var receivedAt = BinaryPrimitives.ReadInt64BigEndian(message[8..]);
        if (!ChunkHeaderCodec.IsTime(receivedAt))
        {
            throw new FormatRejectedException("Q1", "The time at which the queue message was received is out of range.");
        }

        return new QueueMessageHeader
        {
            IsClaimCheck = message[5] == 2,
            ReceivedAt = receivedAt,
            EntryLength = (int)entry,
            BodyLength = (int)body,
        };
    }

    /// <summary>Writes the first <see cref="PrefixSize"/> bytes; the chunk's header goes behind them.</summary>
    /// <param name="destination">At least <see cref="PrefixSize"/> bytes.</param>
    public void WritePrefix(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, Magic);
        destination[4] = 1;
        destination[5] = IsClaimCheck ? (byte)2 : (byte)1;
        destination[6] = 0;
        destination[7] = 0;
        BinaryPrimitives.WriteInt64BigEndian(destination[8..], ReceivedAt);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], (uint)EntryLength);
        BinaryPrimitives.WriteUInt32BigEndian(destination[20..], (uint)BodyLength);
    }
}
