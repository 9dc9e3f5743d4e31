using System.Buffers.Binary;
using System.Numerics;

namespace SessionReplay.Format;

/// <summary>The frame of a recording object: header, index and footer (docs/format/v1.md, section 4).</summary>
public static class RecordingIndex
{
    /// <summary>The size of the object's header in bytes; the first chunk follows it.</summary>
    public const int HeaderSize = 16;

    /// <summary>The size of an index entry in bytes.</summary>
    public const int EntrySize = 48;

    /// <summary>The size of the footer in bytes.</summary>
    public const int FooterSize = 32;

    /// <summary>The greatest number of chunks in one recording.</summary>
    public const int MaxEntries = 4_000_000;

    private const uint HeaderMagic = 0x53525243;
    private const uint FooterMagic = 0x53524958;

    /// <summary>Makes the object's header.</summary>
    /// <returns>16 bytes.</returns>
    public static byte[] CreateHeader()
    {
        var header = new byte[HeaderSize];
        BinaryPrimitives.WriteUInt32BigEndian(header, HeaderMagic);
        header[4] = 1;
        return header;
    }

    /// <summary>Makes the index and the footer, which end the object.</summary>
    /// <param name="entries">One entry per chunk, in (window, seq) order, adjoining each other from <see cref="HeaderSize"/> on.</param>
    /// <returns>The bytes to write behind the last chunk.</returns>
    /// <exception cref="FormatRejectedException">Rule R3: the entries are out of order or do not adjoin.</exception>
    public static byte[] CreateTail(IReadOnlyList<RecordingIndexEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var tail = new byte[(entries.Count * EntrySize) + FooterSize];
        for (var i = 0; i < entries.Count; i++)
        {
            Write(entries[i], tail.AsSpan(i * EntrySize, EntrySize));
        }

        var end = entries.Count == 0 ? HeaderSize : entries[^1].Offset + entries[^1].Length;
        var footer = tail.AsSpan(entries.Count * EntrySize);
        BinaryPrimitives.WriteInt64BigEndian(footer, end);
        BinaryPrimitives.WriteInt32BigEndian(footer[8..], entries.Count);
        BinaryPrimitives.WriteUInt32BigEndian(footer[12..], Crc32C(tail.AsSpan(0, entries.Count * EntrySize)));
        BinaryPrimitives.WriteUInt32BigEndian(footer[28..], FooterMagic);
        CheckOrder(entries, end);
        return tail;
    }

    /// <summary>Checks the object's header.</summary>
    /// <param name="header">The first 16 bytes of the object.</param>
    /// <exception cref="FormatRejectedException">Rule R1 is broken.</exception>
    public static void CheckHeader(ReadOnlySpan<byte> header)
    {
        if (header.Length < HeaderSize || BinaryPrimitives.ReadUInt32BigEndian(header) != HeaderMagic || header[4] != 1
            || header[5..HeaderSize].ContainsAnyExcept((byte)0))
        {
            throw new FormatRejectedException("R1", "The magic or version of the recording is unknown.");
        }
    }

    /// <summary>Reads from the footer where the index is.</summary>
    /// <param name="footer">The last 32 bytes of the object.</param>
    /// <param name="objectLength">The size of the object in bytes.</param>
    /// <returns>The offset of the index and its size in bytes.</returns>
    /// <exception cref="FormatRejectedException">Rule R1 or R2 is broken.</exception>
    public static (long Offset, int Length) ReadFooter(ReadOnlySpan<byte> footer, long objectLength)
    {
        if (footer.Length != FooterSize || BinaryPrimitives.ReadUInt32BigEndian(footer[28..]) != FooterMagic
            || footer[16..28].ContainsAnyExcept((byte)0))
        {
            throw new FormatRejectedException("R1", "The recording does not end with a footer.");
        }

        var offset = BinaryPrimitives.ReadInt64BigEndian(footer);
        var count = BinaryPrimitives.ReadInt32BigEndian(footer[8..]);
        if (count is < 0 or > MaxEntries || offset < HeaderSize || offset + ((long)count * EntrySize) + FooterSize != objectLength)
        {
            throw new FormatRejectedException("R2", "The index of the recording does not lie between its chunks and its footer.");
        }

        return (offset, count * EntrySize);
    }

    /// <summary>Reads the index and the footer.</summary>
    /// <param name="tail">The bytes from the index's offset to the object's end.</param>
    /// <param name="objectLength">The size of the object in bytes.</param>
    /// <returns>The entries.</returns>
    /// <exception cref="FormatRejectedException">Rule R1, R2 or R3 is broken.</exception>
    public static IReadOnlyList<RecordingIndexEntry> ReadTail(ReadOnlySpan<byte> tail, long objectLength)
    {
        if (tail.Length < FooterSize)
        {
            throw new FormatRejectedException("R1", "The recording does not end with a footer.");
        }

        var footer = tail[^FooterSize..];
        var (offset, length) = ReadFooter(footer, objectLength);
        var index = tail[..^FooterSize];
        if (index.Length != length || Crc32C(index) != BinaryPrimitives.ReadUInt32BigEndian(footer[12..]))
        {
            throw new FormatRejectedException("R2", "The index of the recording is damaged.");
        }

        var entries = new RecordingIndexEntry[length / EntrySize];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = Read(index.Slice(i * EntrySize, EntrySize));
        }

        CheckOrder(entries, offset);
        return entries;
    }

    /// <summary>Compares a chunk's header with the entry that led to it.</summary>
    /// <param name="entry">The index's entry.</param>
    /// <param name="header">The header of the chunk that lies there.</param>
    /// <exception cref="FormatRejectedException">Rule R4 is broken.</exception>
    public static void CheckChunk(in RecordingIndexEntry entry, in ChunkHeader header)
    {
        var indexed = entry with { Offset = 0 };
        if (indexed != new RecordingIndexEntry(
            header.Id.Window, header.Id.Seq, header.Flags, 0, (uint)header.ChunkLength, header.EventCount, header.FirstTime))
        {
            throw new FormatRejectedException("R4", "A chunk of the recording does not match its index entry.");
        }
    }

    private static void Write(in RecordingIndexEntry entry, Span<byte> destination)
    {
        entry.Window.Write(destination);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], entry.Seq);
        destination[20] = (byte)entry.Flags;
        BinaryPrimitives.WriteInt64BigEndian(destination[24..], entry.Offset);
        BinaryPrimitives.WriteUInt32BigEndian(destination[32..], entry.Length);
        BinaryPrimitives.WriteUInt32BigEndian(destination[36..], entry.EventCount);
        BinaryPrimitives.WriteInt64BigEndian(destination[40..], entry.FirstTime);
    }

    private static RecordingIndexEntry Read(ReadOnlySpan<byte> source)
    {
        if (!WindowId.TryRead(source[..16], out var window) || source[21..24].ContainsAnyExcept((byte)0))
        {
            throw new FormatRejectedException("R1", "An index entry of the recording holds an unknown value.");
        }

        return new(
            window,
            BinaryPrimitives.ReadUInt32BigEndian(source[16..]),
            (ChunkFlags)source[20],
            BinaryPrimitives.ReadInt64BigEndian(source[24..]),
            BinaryPrimitives.ReadUInt32BigEndian(source[32..]),
            BinaryPrimitives.ReadUInt32BigEndian(source[36..]),
            BinaryPrimitives.ReadInt64BigEndian(source[40..]));
    }

    private static void CheckOrder(IReadOnlyList<RecordingIndexEntry> entries, long end)
    {
        Span<byte> before = stackalloc byte[20];
        Span<byte> name = stackalloc byte[20];
        long next = HeaderSize;
        for (var i = 0; i < entries.Count; i++)
        {
            entries[i].Window.Write(name);
            BinaryPrimitives.WriteUInt32BigEndian(name[16..], entries[i].Seq);
            if (entries[i].Offset != next || (i > 0 && before.SequenceCompareTo(name) >= 0))
            {
                throw new FormatRejectedException(
                    "R3", $"Entry {i} of the recording's index is out of order or does not adjoin the one before.");
            }

            next += entries[i].Length;
            name.CopyTo(before);
        }

        if (next != end)
        {
            throw new FormatRejectedException("R3", "The last chunk of the recording does not end at the index.");
        }
    }

    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }
}
