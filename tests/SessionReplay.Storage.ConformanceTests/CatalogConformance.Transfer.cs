using SessionReplay.Catalog;
using SessionReplay.Testing;
using Xunit;

namespace SessionReplay.Storage.ConformanceTests;

/// <content>Sessions that are moved from one catalog to another.</content>
public abstract partial class CatalogConformance
{
    [SkippableFact]
    public async Task Write_SeveralTransfersOfASession_GiveTheSameRowsOnlyWithTheLast()
    {
        var row = Row(NewSession());
        var window = WindowId.Create(TimeProvider.System);
        var (first, second) = (ChunkOf(window, 0, "part-a"), ChunkOf(window, 1, "part-b"));
        var asset = new ContentHash(new('1', 64));
        await ((IAssetCatalog)Reader).ReserveAsync(
            new() { Tenant = row.Session.Tenant, Hash = asset, Key = Guid.CreateVersion7(), Bytes = 1 }, long.MaxValue, At(0), default);
        var terms = new[] { new SealedName(Index(1), default), Name(2) };

        Assert.True(await Transfer.WriteAsync(row, new() { Chunks = [first] }, default));
        Assert.Equal(0, (await FindInListAsync(row.Session)).Chunks);
        Assert.True(
            await Transfer.WriteAsync(row, new() { Chunks = [second], Terms = terms, Assets = [asset, new(new('9', 64))] }, default));
        Assert.True(await Transfer.WriteAsync(row, new() { IsLast = true }, default));

        var found = await FindInListAsync(row.Session);
        Assert.Equal(row with { Totals = found.Totals }, found);
        Assert.Equal(
            (row.Totals.Clicks, row.Totals.Browser, row.Totals.ViewportWidth, row.Totals.User!.Time),
            (found.Totals.Clicks, found.Totals.Browser, found.Totals.ViewportWidth, found.Totals.User!.Time));
        Assert.Equal(row.Totals.User!.Sealed.ToArray(), found.Totals.User!.Sealed.ToArray());
        var chunks = await Reader.ListChunksAsync(row.Session, default);
        Assert.Equal([first.Location, second.Location], chunks.Select(c => c.Location));
        Assert.Equal([first.Digest, second.Digest], chunks.Select(c => c.Digest));
        Assert.All(chunks, c => Assert.Equal((7L, 1), (c.ClockOffset, c.SealedWindowEnd.Span[0])));
        Assert.Equal(
            [(1, true), (2, false)],
            (await Transfer.ListTermsAsync(row.Session, default, 10, default)).Select(t => ((int)t.Index.Span[0], t.Sealed.IsEmpty)));
        Assert.Equal([2], (await Transfer.ListTermsAsync(row.Session, Index(1), 10, default)).Select(t => t.Index.Span[0]));
        await AssertFindsAsync(query => query with { Terms = [Index(1), Index(2)] }, row.Session);
        Assert.Equal([asset], await ((IAssetCatalog)Reader).ListNamedAsync(row.Session, default));
    }

    [SkippableFact]
    public async Task Write_Again_MovesChunksAndDoublesNothing()
    {
        var row = Row(NewSession());
        var window = WindowId.Create(TimeProvider.System);
        for (var run = 0; run < 2; run++)
        {
            Assert.True(
                await Transfer.WriteAsync(
                    row, new() { Chunks = [ChunkOf(window, 1, "old"), ChunkOf(window, 0, "old")], Terms = [Name(3)], IsLast = true },
                    default));
        }

        Assert.True(
            await Transfer.WriteAsync(
                row with { RecordingKey = "new" }, new() { Chunks = [ChunkOf(window, 0, "new")], IsLast = true }, default));

        Assert.Equal(["new", "old"], (await Reader.ListChunksAsync(row.Session, default)).Select(c => c.Location.BlobKey));
        Assert.Equal("new", (await FindInListAsync(row.Session)).RecordingKey);
        Assert.All(await Reader.ListChunksAsync(row.Session, default), c => Assert.Equal(1, c.SealedWindowEnd.Span[0]));
    }

    [SkippableFact]
    public async Task Write_CopiedLiveSession_RecordsOn()
    {
        var row = Row(NewSession()) with { EndedAt = null, RecordingKey = null };
        var window = WindowId.Create(TimeProvider.System);
        Assert.True(await Transfer.WriteAsync(row, new() { Chunks = [ChunkOf(window, 0, "part")], IsLast = true }, default));

        Assert.Equal([RecordOutcome.Duplicate, RecordOutcome.Recorded], await Writer.RecordAsync(
            [Chunk(row.Session, window, 0) with { Header = Chunk(row.Session, window, 0).Header with { Digest = new(1, 0) } },
            Chunk(row.Session, window, 1)], default));

        Assert.Equal(row.Chunks + 1, (await FindInListAsync(row.Session)).Chunks);
    }

    [SkippableFact]
    public async Task Write_SessionDeletedHere_WritesNothing()
    {
        var row = Row(NewSession());
        await Lifecycle.DeleteSessionAsync(row.Session, At(1), default);

        Assert.False(
            await Transfer.WriteAsync(
                row, new() { Chunks = [ChunkOf(WindowId.Create(TimeProvider.System), 0, "part")], Terms = [Name(1)], IsLast = true },
                default));

        Assert.Null(await Reader.FindSessionAsync(row.Session, default));
    }

    [SkippableFact]
    public async Task Lists_ManySessions_AreInTheOrderOfTheirNamesAndPaged()
    {
        var sessions = new List<SessionRef>();
        for (var i = 0; i < 5; i++)
        {
            sessions.Add(await AddAsync(i, new()));
        }

        sessions.Sort(static (a, b) => a.Session.Value.CompareTo(b.Session.Value));
        var before = new SessionRef(_tenant, new(Guid.Empty));
        Assert.Equal(sessions, (await Transfer.ListSessionsAsync(before, 5, default)).Select(s => s.Session));
        Assert.Equal(sessions[2], (await Transfer.ListSessionsAsync(sessions[1], 1, default)).Single().Session);

        await Lifecycle.BeginDeletionAsync(sessions[3], At(7), default);
        await Lifecycle.DeleteSessionAsync(sessions[1], At(8), default);

        Assert.Equal(
            [sessions[0], sessions[2], sessions[4]], (await Transfer.ListSessionsAsync(before, 3, default)).Select(s => s.Session));
        Assert.Equal([new(sessions[1], At(8)), new(sessions[3], At(7))], (await Transfer.ListDeletedAsync(before, 2, default)));
        Assert.Equal(sessions[3], (await Transfer.ListDeletedAsync(sessions[1], 1, default)).Single().Session);
    }

    private static SessionRow Row(SessionRef session) => new()
    {
        Session = session, SessionStarted = Start, StartedAt = Start + 1, LastActivityAt = Start + 2, LastReceivedAt = Start + 3,
        EndedAt = Start + 4,
        RecordingKey = "recording", Windows = 1, Chunks = 2, Events = 20, Bytes = 200,
        Totals = new() { Clicks = 3, Browser = "Chrome 140", ViewportWidth = 1280, User = new(Start, new byte[] { 4, 5 }),
            SealedIp = new byte[] { 6 } },
    };

    private static ChunkRow ChunkOf(WindowId window, uint seq, string key) => new()
    {
        Window = window, Seq = seq, Location = new(key, seq * 10, 10), Flags = ChunkFlags.LastOfWindow, Compression = ChunkCompression.Gzip,
        EventCount = 10,
        FirstTime = Start, LastTime = Start + 1, ClockOffset = 7, Digest = new(1, seq), SealedFacts = new byte[] { 1 },
        SealedWindowEnd = new byte[] { (byte)Math.Max(seq, 1) },
    };

    private async Task<SessionRow> FindInListAsync(SessionRef session)
    {
        SessionRef? before = new(session.Tenant, new(Guid.Empty));
        return (await Transfer.ListSessionsAsync(before, 100, default)).Single(row => row.Session == session);
    }
}
