using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace SessionReplay.Format;

/// <summary>Decompresses exactly one gzip member (RFC 1952) with nothing behind it (rule B9), within a bound; and compresses.</summary>
public static class GzipMember
{
    private const int HeaderSize = 10;
    private const int TrailerSize = 8;

    /// <summary>Returns whether content begins as a gzip member does.</summary>
    /// <param name="bytes">The content.</param>
    /// <returns>Whether its first two bytes are gzip's.</returns>
    public static bool IsGzip(ReadOnlySpan<byte> bytes) => bytes is [0x1F, 0x8B, ..];

    /// <summary>
    /// How many times its size a member may expand to. The batches of a recorder expand to 5 to 20 times, and what repeats itself most to
    /// 40.
    /// </summary>
    public const int MaxRatio = 64;

    /// <summary>A member may expand to this in any case: the shortest ones expand most.</summary>
    public const int FreeExpansion = 1024 * 1024;

    /// <summary>Reads the size after decompression that a member declares; one that expands to more is rejected.</summary>
    /// <param name="member">The compressed bytes.</param>
    /// <returns>The size in bytes.</returns>
    public static uint DeclaredLength(ReadOnlySpan<byte> member) =>
        member.Length < sizeof(uint) ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(member[^sizeof(uint)..]);

    /// <summary>Returns whether the header of a member has no name, comment or extra data, which would be stored unsanitized.</summary>
    /// <param name="member">The compressed bytes, at least 4.</param>
    /// <returns>Whether its flags are 0.</returns>
    public static bool HasBareHeader(ReadOnlySpan<byte> member) => member[3] == 0;

    /// <summary>Decompresses a member of an unknown sender.</summary>
    /// <param name="member">The compressed bytes.</param>
    /// <param name="limit">The greatest size after decompression; <see cref="MaxRatio"/> limits it further.</param>
    /// <param name="memory">Where the memory is rented.</param>
    /// <returns>The content; the caller disposes it.</returns>
    /// <exception cref="FormatRejectedException">Rule B9 is broken.</exception>
    public static PooledBuffer Decompress(ReadOnlyMemory<byte> member, int limit, IBufferPool memory) =>
        Expand(member, (int)Math.Min(limit, Math.Max(FreeExpansion, (long)MaxRatio * member.Length)), memory);

    /// <summary>
    /// Decompresses a member that is known to be authentic, whatever its ratio: what the server compressed itself may exceed
    /// <see cref="MaxRatio"/>.
    /// </summary>
    /// <param name="member">The compressed bytes.</param>
    /// <param name="limit">The greatest size after decompression.</param>
    /// <param name="memory">Where the memory is rented.</param>
    /// <returns>The content; the caller disposes it.</returns>
    /// <exception cref="FormatRejectedException">Rule B9 is broken.</exception>
    public static PooledBuffer Expand(ReadOnlyMemory<byte> member, int limit, IBufferPool memory)
    {
        var start = ReadHeader(member.Span);
        var expected = DeclaredLength(member.Span);
        if (expected > limit)
        {
            throw TooLarge(limit);
        }

        // The size in the trailer is a hint until it has been proven.
        var content = new PooledBuffer(memory, (int)Math.Min(expected, 16L * member.Length) + 1);
        try
        {
            var endedExactly = TryInflate(member[start..^TrailerSize], content, expected);
            if (!endedExactly || content.Length != expected
                || Crc32.HashToUInt32(content.WrittenSpan) != BinaryPrimitives.ReadUInt32LittleEndian(member.Span[^TrailerSize..]))
            {
                throw new FormatRejectedException("B9", "The gzip member is damaged, or is followed by other bytes.");
            }

            return content;
        }
        catch (InvalidDataException)
        {
            content.Dispose();
            throw new FormatRejectedException("B9", "The gzip member is damaged.");
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    /// <returns>Whether the stream ended with the last of the bytes, and not before.</returns>
    private static bool TryInflate(ReadOnlyMemory<byte> deflate, PooledBuffer content, uint maxLength)
    {
        using var input = new MemberStream(deflate);
        using (var inflate = new DeflateStream(input, CompressionMode.Decompress))
        {
            while (inflate.Read(content.GetMemory(1).Span) is > 0 and var read)
            {
                content.Advance(read);
                if (content.Length > maxLength)
                {
                    throw Damaged();
                }
            }
        }

        return input.EndedExactly;
    }

    /// <summary>Compresses content to one gzip member.</summary>
    /// <param name="content">The content.</param>
    /// <param name="memory">Where the memory is rented.</param>
    /// <returns>One gzip member; the caller disposes it.</returns>
    public static PooledBuffer Compress(ReadOnlySpan<byte> content, IBufferPool memory)
    {
        var buffer = new PooledBuffer(memory, (content.Length / 3) + 256);
        try
        {
            using var gzip = new GZipStream(buffer, CompressionLevel.Optimal, leaveOpen: true);
            gzip.Write(content);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }

        return buffer;
    }

    private static int ReadHeader(ReadOnlySpan<byte> member)
    {
        // Magic, deflate; the flags for a checksum, extra data, a name and a comment make the header longer.
        if (member.Length < HeaderSize + TrailerSize + 1 || !IsGzip(member) || member[2] != 8 || (member[3] & 0xE0) != 0)
        {
            throw Damaged();
        }

        var flags = member[3];
        var rest = member[..^TrailerSize];
        var at = HeaderSize;
        if ((flags & 4) != 0)
        {
            at += at + 2 <= rest.Length ? 2 + BinaryPrimitives.ReadUInt16LittleEndian(rest[at..]) : rest.Length;
        }

        for (var zeroEnded = flags & 0b11000; zeroEnded != 0; zeroEnded &= zeroEnded - 1)
        {
            var length = at < rest.Length ? rest[at..].IndexOf((byte)0) : -1;
            at = length < 0 ? rest.Length : at + length + 1;
        }

        at += (flags & 2) != 0 ? 2 : 0;
        return at < rest.Length ? at : throw Damaged();
    }

    private static FormatRejectedException TooLarge(int limit) => new("B9", $"The gzip member expands to more than {limit} bytes.");

    private static FormatRejectedException Damaged() => new("B9", "The gzip member is damaged.");

    /// <summary>
    /// Hands the last byte out on its own. A deflate stream ends within its last byte, so the decompressor must ask for that byte, and must
    /// not ask for more: so bytes behind the end, and an end that is missing, are both found out.
    /// </summary>
    private sealed class MemberStream(ReadOnlyMemory<byte> deflate) : Stream
    {
        private int _position;
        private bool _askedForMore;

        public bool EndedExactly => _position == deflate.Length && !_askedForMore;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            var left = deflate.Length - _position;
            if (left == 0)
            {
                _askedForMore = true;
                return 0;
            }

            var count = Math.Min(buffer.Length, left > 1 ? left - 1 : 1);
            deflate.Span.Slice(_position, count).CopyTo(buffer);
            _position += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
