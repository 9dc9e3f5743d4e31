using System.Data.Common;
using SessionReplay.Catalog;

namespace SessionReplay.Storage;

/// <summary>
/// Reads a chunk's row joined with its window's: window, seq, blob key, offset, length, flags, compression, events, first and last time,
/// clock offset, facts, end of the window, digest.
/// </summary>
internal static class ChunkRows
{
    public static ChunkRow Read(DbDataReader row, Guid window) => new()
    {
        Window = new(window),
        Seq = (uint)row.GetInt64(1),
        Location = new(row.TextOrNull(2), row.GetInt64(3), row.GetInt64(4)),
        Flags = (ChunkFlags)row.GetInt64(5),
        Compression = (ChunkCompression)row.GetInt64(6),
        EventCount = (uint)row.GetInt64(7),
        FirstTime = row.GetInt64(8),
        LastTime = row.GetInt64(9),
        ClockOffset = row.GetInt64(10),
        SealedFacts = row.Bytes(11),
        SealedWindowEnd = row.Bytes(12),
        Digest = BatchDigest.Read(row.Bytes(13)),
    };
}
