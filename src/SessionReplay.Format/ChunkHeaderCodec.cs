using System.Buffers.Binary;
using System.Text;

namespace SessionReplay.Format;

/// <summary>Reads and writes the header of a chunk: 160 bytes (docs/format/v1.md, section 3).</summary>
public static class ChunkHeaderCodec
{
    /// <summary>The size of the nonce in bytes.</summary>
    public const int NonceSize = 12;

    /// <summary>The size of the key commitment in bytes.</summary>
    public const int CommitmentSize = 16;

    private const int NonceOffset = 120;
    private const int CommitmentOffset = 132;
    private const int DigestOffset = 148;

    /// <summary>The last millisecond of the year 9999.</summary>
    private const long MaxTime = 253_402_300_799_999;

    private const uint Magic = 0x5352434b;
    private const byte FormatVersion = 1;
    private const byte Aes256Gcm = 1;
    private const ChunkFlags KnownFlags = ChunkFlags.FullSnapshot | ChunkFlags.LastOfWindow | ChunkFlags.Server;

    /// <summary>Reads and checks a header.</summary>
    /// <param name="source">At least <see cref="ChunkHeader.Size"/> bytes; what follows the header is not looked at.</param>
    /// <returns>The header. It is authentic only once the chunk was opened.</returns>
    /// <exception cref="FormatRejectedException">Rule C1, C2, C3 or C8 is broken.</exception>
    public static ChunkHeader Read(ReadOnlySpan<byte> source) => Read(source, default);

    /// <summary>Reads and checks a header whose tenant is known: allocates nothing when it is the one expected.</summary>
    /// <param name="source">At least <see cref="ChunkHeader.Size"/> bytes; what follows the header is not looked at.</param>
    /// <param name="expectedTenant">The tenant that the header probably names. The result names the one that it does name.</param>
    /// <returns>The header. It is authentic only once the chunk was opened.</returns>
    /// <exception cref="FormatRejectedException">Rule C1, C2, C3 or C8 is broken.</exception>
    public static ChunkHeader Read(ReadOnlySpan<byte> source, TenantId expectedTenant)
    {
        if (source.Length < ChunkHeader.Size)
        {
            throw new FormatRejectedException("C1", "The chunk is shorter than its header.");
        }

        CheckKind(source);
        var tenant = ReadTenant(source.Slice(8, TenantId.MaxLength), expectedTenant);
        if (!SessionId.TryRead(source.Slice(48, 16), out var session) || !WindowId.TryRead(source.Slice(64, 16), out var window))
        {
            throw new FormatRejectedException("C3", "The session or window of the chunk is not a UUIDv7.");
        }

        var (first, last) = (BinaryPrimitives.ReadInt64BigEndian(source[88..]), BinaryPrimitives.ReadInt64BigEndian(source[96..]));
        var started = BinaryPrimitives.ReadInt64BigEndian(source[104..]);
        if (!IsTime(first) || !IsTime(last) || !IsTime(started) || first > last)
        {
            throw new FormatRejectedException("C8", "A time of the chunk is out of range, or its first is after its last.");
        }

        return new ChunkHeader
        {
            Id = new(tenant, session, window, BinaryPrimitives.ReadUInt32BigEndian(source[80..])),
            Compression = (ChunkCompression)source[6],
            Flags = (ChunkFlags)source[7],
            EventCount = BinaryPrimitives.ReadUInt32BigEndian(source[84..]),
            FirstTime = first,
            LastTime = last,
            SessionStarted = started,
            BatchLength = BinaryPrimitives.ReadUInt32BigEndian(source[112..]),
            PayloadLength = BinaryPrimitives.ReadUInt32BigEndian(source[116..]),
            Digest = BatchDigest.Read(source[DigestOffset..]),
        };
    }

    /// <summary>Writes the header.</summary>
    /// <param name="header">The header.</param>
    /// <param name="destination">At least <see cref="ChunkHeader.Size"/> bytes.</param>
    /// <param name="nonce">12 random bytes.</param>
    /// <param name="commitment">The 16 bytes of the key commitment.</param>
    public static void Write(this in ChunkHeader header, Span<byte> destination, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> commitment)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, ChunkHeader.Size);
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, NonceSize);
        ArgumentOutOfRangeException.ThrowIfNotEqual(commitment.Length, CommitmentSize);
        destination = destination[..ChunkHeader.Size];
        destination.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(destination, Magic);
        destination[4] = FormatVersion;
        destination[5] = Aes256Gcm;
        destination[6] = (byte)header.Compression;
        destination[7] = (byte)header.Flags;
        WriteTenant(header.Id.Tenant, destination.Slice(8, TenantId.MaxLength));
        header.Id.Session.Write(destination[48..]);
        header.Id.Window.Write(destination[64..]);
        BinaryPrimitives.WriteUInt32BigEndian(destination[80..], header.Id.Seq);
        BinaryPrimitives.WriteUInt32BigEndian(destination[84..], header.EventCount);
        BinaryPrimitives.WriteInt64BigEndian(destination[88..], header.FirstTime);
        BinaryPrimitives.WriteInt64BigEndian(destination[96..], header.LastTime);
        BinaryPrimitives.WriteInt64BigEndian(destination[104..], header.SessionStarted);
        BinaryPrimitives.WriteUInt32BigEndian(destination[112..], header.BatchLength);
        BinaryPrimitives.WriteUInt32BigEndian(destination[116..], header.PayloadLength);
        nonce.CopyTo(destination[NonceOffset..]);
        commitment.CopyTo(destination[CommitmentOffset..]);
        header.Digest.Write(destination[DigestOffset..]);
    }

    /// <summary>Gets the nonce in a header's bytes.</summary>
    /// <param name="header">At least <see cref="ChunkHeader.Size"/> bytes.</param>
    /// <returns>12 bytes within <paramref name="header"/>.</returns>
    public static ReadOnlySpan<byte> NonceOf(ReadOnlySpan<byte> header) => header.Slice(NonceOffset, NonceSize);

    /// <summary>Gets the key commitment in a header's bytes.</summary>
    /// <param name="header">At least <see cref="ChunkHeader.Size"/> bytes.</param>
    /// <returns>16 bytes within <paramref name="header"/>.</returns>
    public static ReadOnlySpan<byte> CommitmentOf(ReadOnlySpan<byte> header) => header.Slice(CommitmentOffset, CommitmentSize);

    /// <summary>Whether a number of milliseconds is a date.</summary>
    internal static bool IsTime(long time) => time is >= 0 and <= MaxTime;

    private static void CheckKind(ReadOnlySpan<byte> source)
    {
        if (BinaryPrimitives.ReadUInt32BigEndian(source) != Magic || source[4] != FormatVersion || source[5] != Aes256Gcm)
        {
            throw new FormatRejectedException("C2", "The magic, version or algorithm of the chunk is unknown.");
        }

        if (source[6] > (byte)ChunkCompression.Gzip || ((ChunkFlags)source[7] & ~KnownFlags) != 0)
        {
            throw new FormatRejectedException("C2", "The compression or a flag of the chunk is unknown.");
        }
    }

    internal static TenantId ReadTenant(ReadOnlySpan<byte> field, TenantId expected = default)
    {
        var text = field.TrimEnd((byte)0);
        if (expected != default && Ascii.Equals(text, expected.Value))
        {
            return expected;
        }

        return !text.ContainsAnyExceptInRange((byte)'-', (byte)'z') && TenantId.TryParse(Encoding.ASCII.GetString(text), out var tenant)
            ? tenant
            : throw new FormatRejectedException("C3", "The tenant of the chunk is not a tenant id followed by zero bytes.");
    }

    internal static void WriteTenant(TenantId tenant, Span<byte> field)
    {
        field.Clear();
        Encoding.ASCII.GetBytes(tenant.Value, field);
    }
}
