using SessionReplay.Catalog;
using SessionReplay.Pipeline.Lifecycle;

namespace SessionReplay.Pipeline.Benchmarks.Arriving;

/// <summary>Chunks of sessions that go on at the same time, recorded in groups as the worker does: one of each session in turn.</summary>
internal sealed class ArrivingLoad(int sessions, int chunks, int bytes)
{
    private const int Workers = 4;
    private const int GroupSize = 64;

    private readonly long _now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
    private readonly byte[] _body = Random.Shared.GetItems([.. Enumerable.Range(0, 256).Select(static i => (byte)i)], bytes);
    private readonly (SessionRef Session, WindowId Window)[] _sessions =
    [
        .. Enumerable.Range(0, sessions).Select(static _ =>
            (new SessionRef(new("bench"), SessionId.Create(TimeProvider.System)), WindowId.Create(TimeProvider.System))),
    ];

    public long Chunks => (long)sessions * chunks;

    public double Megabytes => Chunks * bytes / 1e6;

    public Task RecordAsync(ICatalogWriter catalog) => Parallel.ForEachAsync(
        Enumerable.Range(0, sessions * chunks).Chunk(GroupSize),
        new ParallelOptions { MaxDegreeOfParallelism = Workers },
        async (group, token) =>
        {
            var outcomes = await catalog.RecordAsync([.. group.Select(i => Chunk(_sessions[i % sessions], (uint)(i / sessions)))], token);
            if (outcomes.Any(static outcome => outcome != RecordOutcome.Recorded))
            {
                throw new InvalidOperationException("A chunk was not recorded.");
            }
        });

    /// <summary>Ends all sessions and does what compaction does, without a store.</summary>
    public static async Task CompactAsync(ICatalogReader catalog, ISessionLifecycle lifecycle)
    {
        var later = TimeProvider.System.GetUtcNow().AddDays(1);
        await lifecycle.EndSessionsAsync(later, later, later, default);
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(async _ =>
        {
            while (await ClaimAsync(lifecycle, later) is { } claim)
            {
                await CompactAsync(catalog, lifecycle, claim);
            }
        }));
    }

    private static async Task<CompactionClaim?> ClaimAsync(ISessionLifecycle lifecycle, DateTimeOffset now) =>
        (await lifecycle.ClaimForCompactionAsync(1, SessionCompactor.Limits, now, now.AddMinutes(1), default)).SingleOrDefault();

    private static async Task CompactAsync(ICatalogReader catalog, ISessionLifecycle lifecycle, CompactionClaim claim)
    {
        var reader = new SessionChunks(catalog);
        var rows = await reader.ListAsync(claim.Row.Session, heldOnly: false, default);
        var bodies = await reader.ReadAsync(claim.Row.Session, rows, default);
        var moved = rows.ConvertAll(
            row => new MovedChunk(row.Window, row.Seq, row.Location, new("recording", row.Seq, row.Location.Length)));
        await lifecycle.CompleteCompactionAsync(claim, new() { Key = "recording", IsRecording = true, Moved = moved }, default);
        if (bodies.Count != claim.Row.Chunks)
        {
            throw new InvalidOperationException("A chunk was not there.");
        }
    }

    private ChunkRecord Chunk((SessionRef Session, WindowId Window) of, uint seq) => new()
    {
        Header = new ChunkHeader
        {
            Id = new(of.Session.Tenant, of.Session.Session, of.Window, seq), Compression = ChunkCompression.Gzip, Flags = default,
            EventCount = 50, FirstTime = _now + (seq * 10_000), LastTime = _now + (seq * 10_000) + 9_000, SessionStarted = _now,
            BatchLength = 100_000, PayloadLength = (uint)(bytes - ChunkHeader.Size - ChunkHeader.TagSize), Digest = new(1, seq),
        },
        Location = ChunkLocation.InCatalog(bytes),
        Body = _body,
        ReceivedAt = _now + (seq * 10_000) + 9_000,
        ClockOffset = 0,
        SealedFacts = _body.AsMemory(0, Math.Min(bytes, 400)),
        SealedWindowEnd = _body.AsMemory(0, Math.Min(bytes, 40)),
        Delta = new() { Clicks = 1, Requests = 2, Terms = seq == 0 ? [_body.AsMemory(0, 16)] : [] },
    };
}
