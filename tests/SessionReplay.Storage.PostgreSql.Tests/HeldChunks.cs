using SessionReplay.Catalog;

namespace SessionReplay.Storage.PostgreSql.Tests;

/// <summary>Makes records of chunks whose bytes the catalog is to hold.</summary>
internal static class HeldChunks
{
    public static readonly WindowId Window = WindowId.Create(TimeProvider.System);

    public static ChunkRecord Create(SessionRef session, uint seq, byte[] bytes)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        return new()
        {
            Header = new ChunkHeader
            {
                Id = new(session.Tenant, session.Session, Window, seq), Compression = ChunkCompression.Gzip,
                Flags = ChunkFlags.FullSnapshot,
                EventCount = 1, FirstTime = now, LastTime = now, SessionStarted = now, BatchLength = 1, PayloadLength = 1,
                Digest = new(1, seq),
            },
            Location = ChunkLocation.InCatalog(bytes.Length),
            Body = bytes,
            ReceivedAt = now,
            ClockOffset = 0,
            SealedFacts = new byte[] { 1 },
            SealedWindowEnd = new byte[] { 1 },
            Delta = new(),
        };
    }
}
