using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Keys;

namespace SessionReplay.TestHosts;

/// <summary>Many sessions of now, made faster than by way of ingest.</summary>
public static class StoredSessions
{
    /// <summary>
    /// Adds sessions with a key, an object and a row each. No retention has ended for them, so that a sweep of the host leaves them.
    /// </summary>
    public static async Task<List<SessionRef>> AddAsync(FullHost host, OutageBlobStore blobs, string tenant, int count)
    {
        var (ciphers, chunks) = (host.Services.GetRequiredService<ISessionCipherProvider>(), new List<ChunkRecord>());
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        for (var i = 0; i < count; i++)
        {
            var session = new SessionRef(new(tenant), BatchSamples.NewSession());
            using var cipher = await ciphers.GetOrCreateAsync(session, Upload.Secret, default);
            var key = BlobPaths.Chunk(session, now, Guid.CreateVersion7());
            await blobs.PutAsync(key, new MemoryStream([1]), 1, default);
            chunks.Add(new()
            {
                Header = new ChunkHeader
                {
                    Id = new(session.Tenant, session.Session, WindowId.Create(TimeProvider.System), 0), Compression = ChunkCompression.Gzip,
                    Flags = ChunkFlags.FullSnapshot,
                    EventCount = 1, FirstTime = now, LastTime = now, SessionStarted = now, BatchLength = 1, PayloadLength = 1,
                },
                Location = new(key, 0, 1),
                ReceivedAt = now,
                ClockOffset = 0,
                SealedFacts = new byte[] { 1 },
                SealedWindowEnd = new byte[] { 1 },
                Delta = new(),
            });
        }

        await host.Services.GetRequiredService<ICatalogWriter>().RecordAsync(chunks, default);
        return [.. chunks.Select(chunk => chunk.Header.Id.SessionRef)];
    }
}
