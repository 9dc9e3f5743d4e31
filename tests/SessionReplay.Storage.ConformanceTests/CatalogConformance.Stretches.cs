using SessionReplay.Catalog;
using Xunit;

namespace SessionReplay.Storage.ConformanceTests;

/// <content>Stretches of chunks, as playback reads them.</content>
public abstract partial class CatalogConformance
{
    private static readonly StretchLimits Generous = new(1_000, 8 * 1024 * 1024);

    [SkippableFact]
    public async Task ReadStretches_OfTwoWindows_GivesThemAsAskedWithTheBytesThatTheCatalogHolds()
    {
        var session = NewSession();
        var (one, two) = (WindowId.Create(TimeProvider.System), WindowId.Create(TimeProvider.System));
        var chunks = new[] { Held(session, one, 0, 500), Held(session, one, 2, 700), Chunk(session, two, 0), Held(session, two, 1, 900) };
        await Writer.RecordAsync([.. chunks.Reverse(), Held(NewSession(), one, 1, 100)], default);
        var unknown = WindowId.Create(TimeProvider.System);
        ChunkStretch[] asked = [new(two, 0, 7), new(unknown, 0, 5), new(one, 1, uint.MaxValue), new(one, 0, 0)];

        var page = await Reader.ReadStretchesAsync(session, asked, Generous, default);

        Assert.False(page.HasMore);
        AssertChunks([chunks[2], chunks[3], chunks[1], chunks[0]], page);
        var found = await Reader.FindChunkAsync(chunks[1].Header.Id, default);
        Assert.Equal(
            found! with { SealedFacts = default, SealedWindowEnd = default },
            page.Chunks[2].Row with { SealedFacts = default, SealedWindowEnd = default });
        Assert.Equal(found.SealedWindowEnd.ToArray(), page.Chunks[2].Row.SealedWindowEnd.ToArray());
        Assert.Empty((await Reader.ReadStretchesAsync(NewSession(), asked, Generous, default)).Chunks);
        Assert.False((await Reader.ReadStretchesAsync(session, [new(one, 3, 9)], Generous, default)).HasMore);
    }

    [SkippableFact]
    public async Task ReadStretches_BeyondALimit_GivesTheFirstAndSaysThatThereAreMore()
    {
        var session = NewSession();
        var window = WindowId.Create(TimeProvider.System);
        var chunks = Enumerable.Range(0, 6).Select(seq => Held(session, window, (uint)seq, 1_000)).ToList();
        await Writer.RecordAsync(chunks, default);
        ChunkStretch[] asked = [new(window, 4, 5), new(window, 0, 3)];
        List<ChunkRecord> ordered = [chunks[4], chunks[5], .. chunks[..4]];
        // Each chunk counts with its facts, which have 3 bytes here.
        foreach (var (chunksAtMost, bytesAtMost, count) in new[] { (1, 1, 1), (6, 0, 1), (6, 1_003, 1), (6, 2_006, 2), (6, 3_008, 2),
            (6, 3_009, 3), (5, 9_999, 5) })
        {
            var page = await Reader.ReadStretchesAsync(session, asked, new(chunksAtMost, bytesAtMost), default);
            Assert.True(page.HasMore);
            AssertChunks(ordered[..count], page);
        }

        foreach (var limits in new StretchLimits[] { new(6, 6_018), Generous })
        {
            var page = await Reader.ReadStretchesAsync(session, asked, limits, default);
            Assert.False(page.HasMore);
            AssertChunks(ordered, page);
        }
    }

    [SkippableFact]
    public async Task ReadStretches_ChunkThatLeftTheCatalog_NamesItsObjectAndHasNoBytes()
    {
        var session = NewSession();
        var window = WindowId.Create(TimeProvider.System);
        await Writer.RecordAsync([Held(session, window, 0, 100), Held(session, window, 1, 200)], default);
        var claim = Assert.Single(await ClaimsAsync(OfAge, session));
        MovedChunk moved = new(window, 0, ChunkLocation.InCatalog(100), new("part", 0, 100));
        await Lifecycle.CompleteCompactionAsync(claim, new() { Key = "part", IsRecording = false, Moved = [moved] }, default);

        var page = await Reader.ReadStretchesAsync(session, [new(window, 0, 1)], Generous, default);

        Assert.Equal(moved.To, page.Chunks[0].Row.Location);
        Assert.Null(page.Chunks[0].Body);
        Assert.Equal(200, page.Chunks[1].Body?.Length);
    }

    private static void AssertChunks(IReadOnlyList<ChunkRecord> expected, StretchPage page)
    {
        Assert.Equal(
            expected.Select(static c => (c.Header.Id.Window, c.Header.Id.Seq, c.Location)),
            page.Chunks.Select(static c => (c.Row.Window, c.Row.Seq, c.Row.Location)));
        Assert.All(
            expected.Zip(page.Chunks),
            static pair => Assert.Equal(pair.First.Location.IsInCatalog ? pair.First.Body.ToArray() : null, pair.Second.Body?.ToArray()));
    }
}
