using SessionReplay.Catalog;
using SessionReplay.Testing;
using Xunit;

namespace SessionReplay.Storage.ConformanceTests;

/// <content>Chunks whose bytes the catalog holds.</content>
public abstract partial class CatalogConformance
{
    private static readonly HoldingLimits OfAge = new(long.MaxValue, TimeSpan.FromDays(-3_650));

    [SkippableFact]
    public async Task Record_ChunkWithItsBytes_GivesThemBackUntilItLiesInAnObject()
    {
        var session = NewSession();
        var window = WindowId.Create(TimeProvider.System);
        var chunks = Enumerable.Range(0, 3).Select(seq => Held(session, window, (uint)seq, 1_000 + seq)).ToList();
        await Writer.RecordAsync([chunks[2], chunks[0], Chunk(session, window, 7)], default);
        Assert.Equal([RecordOutcome.Duplicate, RecordOutcome.Recorded], await Writer.RecordAsync([chunks[0], chunks[1]], default));

        ChunkCursor[] all = [new(window, 7), new(window, 2), new(window, 0), new(window, 1), new(window, 9)];
        AssertBodies(chunks, await Reader.ReadBodiesAsync(session, all, default));
        AssertBodies([chunks[1]], await Reader.ReadBodiesAsync(session, [new(window, 1)], default));
        Assert.Empty(await Reader.ReadBodiesAsync(session, [], default));
        Assert.Empty(await Reader.ReadBodiesAsync(NewSession(), all, default));
        Assert.Equal(3_003, (await Reader.FindSessionAsync(session, default))!.HeldBytes);
        Assert.True((await Reader.FindChunkAsync(chunks[0].Header.Id, default))!.Location.IsInCatalog);

        var claim = Assert.Single(await ClaimsAsync(OfAge, session));
        MovedChunk[] moved =
        [
            new(window, 0, ChunkLocation.InCatalog(1_000), new("part", 0, 1_000)),
            new(window, 2, ChunkLocation.InCatalog(1_002), new("part", 1_000, 1_002)),
        ];
        for (var again = 0; again < 2; again++)
        {
            AssertKeys([], await Lifecycle.CompleteCompactionAsync(
                claim, new() { Key = "part", IsRecording = false, Moved = moved }, default));
        }

        AssertBodies([chunks[1]], await Reader.ReadBodiesAsync(session, all, default));
        var row = (await Reader.FindSessionAsync(session, default))!;
        Assert.Equal((1_001L, (string?)null), (row.HeldBytes, row.RecordingKey));
        Assert.Equal(moved[1].To, (await Reader.FindChunkAsync(chunks[2].Header.Id, default))!.Location);
        Assert.Equal([RecordOutcome.Duplicate], await Writer.RecordAsync([chunks[0]], default));
        Assert.Equal(1_001, (await Reader.FindSessionAsync(session, default))!.HeldBytes);
    }

    [SkippableFact]
    public async Task Claim_LiveSessionBeyondALimit_IsClaimedAndOthersAreNot()
    {
        var (small, large, none) = (NewSession(), NewSession(), await AddAsync(0, new()));
        await Writer.RecordAsync([Held(small, WindowId.Create(TimeProvider.System), 0, 1_000)], default);
        await Writer.RecordAsync([Held(large, WindowId.Create(TimeProvider.System), 0, 5_000)], default);

        Assert.Empty(await ClaimsAsync(Unlimited, small, large, none));
        Assert.Equal(large, Assert.Single(await ClaimsAsync(new(5_000, TimeSpan.FromDays(3_650)), small, large, none)).Row.Session);
        Assert.Equal(
            new[] { small, large }.OrderBy(static s => s.Session.Value), (await ClaimsAsync(OfAge, [small, large, none], 1_000))
                .Select(static claim => claim.Row.Session).OrderBy(static s => s.Session.Value));
    }

    [SkippableFact]
    public async Task Complete_LateChunkOfARecording_LiesInAPartAndTheRecordingStays()
    {
        var session = NewSession();
        var window = WindowId.Create(TimeProvider.System);
        await Writer.RecordAsync([Held(session, window, 0, 100)], default);
        await Lifecycle.EndSessionsAsync(At(10), At(10), At(20), default);
        var claim = Assert.Single(await ClaimsAsync(Unlimited, session));
        await Lifecycle.CompleteCompactionAsync(
            claim, Recording("recording", [new(window, 0, ChunkLocation.InCatalog(100), new("recording", 16, 100))]), default);

        await Writer.RecordAsync([Held(session, window, 1, 200)], default);
        Assert.Empty(await ClaimsAsync(Unlimited, session));
        var late = Assert.Single(await ClaimsAsync(OfAge, session));
        Assert.Equal(("recording", 200L), (late.Row.RecordingKey, late.Row.HeldBytes));
        await Lifecycle.CompleteCompactionAsync(
            late,
            new() { Key = "late", IsRecording = false, Moved = [new(window, 1, ChunkLocation.InCatalog(200), new("late", 0, 200))] },
            default);

        Assert.Empty(await ClaimsAsync(OfAge, session));
        Assert.Equal(["recording", "late"], (await Reader.ListChunksAsync(session, default)).Select(static c => c.Location.BlobKey));
        Assert.Equal("recording", (await Reader.FindSessionAsync(session, default))!.RecordingKey);
    }

    [SkippableFact]
    public async Task Delete_SessionWithBytes_LeavesNone()
    {
        var session = NewSession();
        var window = WindowId.Create(TimeProvider.System);
        await Writer.RecordAsync([Held(session, window, 0, 100)], default);

        await Lifecycle.BeginDeletionAsync(session, At(1), default);
        Assert.Empty(await ClaimsAsync(OfAge, session));
        await Lifecycle.DeleteSessionAsync(session, At(1), default);

        Assert.Empty(await Reader.ReadBodiesAsync(session, [new(window, 0)], default));
    }

    [SkippableFact]
    public async Task Write_ChunksWithTheirBytes_HoldsThemUntilTheyLieInAnObject()
    {
        var row = Row(NewSession()) with { EndedAt = null, RecordingKey = null, HeldBytes = 30 };
        var window = WindowId.Create(TimeProvider.System);
        var bytes = Bytes(30);
        var chunk = ChunkOf(window, 0, "part") with { Location = ChunkLocation.InCatalog(30) };
        for (var again = 0; again < 2; again++)
        {
            Assert.True(await Transfer.WriteAsync(
                row, new() { Chunks = [chunk], Bodies = [new(window, 0, bytes)], IsLast = true }, default));
        }

        Assert.Equal(30, (await FindInListAsync(row.Session)).HeldBytes);
        Assert.Equal(bytes, Assert.Single(await Reader.ReadBodiesAsync(row.Session, [new(window, 0)], default)).Bytes.ToArray());

        Assert.True(await Transfer.WriteAsync(row, new() { Chunks = [ChunkOf(window, 0, "object")], IsLast = true }, default));
        Assert.Equal(0, (await FindInListAsync(row.Session)).HeldBytes);
        Assert.Empty(await Reader.ReadBodiesAsync(row.Session, [new(window, 0)], default));
    }

    [SkippableFact]
    public async Task Space_BytesHeld_AreCounted()
    {
        var before = await Writer.ReadSpaceAsync(default);
        var session = NewSession();
        await Writer.RecordAsync([Held(session, WindowId.Create(TimeProvider.System), 0, 2_000_000)], default);
        var after = await Writer.ReadSpaceAsync(default);

        Assert.InRange(after.UsedBytes, before.UsedBytes + 1_900_000, before.UsedBytes + 4_000_000);
        Assert.False(after.IsFull);
        await Lifecycle.ReclaimSpaceAsync(default);
        Assert.NotNull(await Reader.FindSessionAsync(session, default));
    }

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        Random.Shared.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Makes the record of a chunk whose bytes the catalog is to hold.</summary>
    protected static ChunkRecord Held(SessionRef session, WindowId window, uint seq, int length)
    {
        var chunk = Chunk(session, window, seq);
        return chunk with
        {
            Location = ChunkLocation.InCatalog(length),
            Body = Bytes(length),
            ReceivedAt = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
        };
    }

    private static void AssertBodies(IEnumerable<ChunkRecord> expected, IReadOnlyList<ChunkBody> bodies)
    {
        Assert.Equal(expected.Select(static c => (c.Header.Id.Window, c.Header.Id.Seq)), bodies.Select(static b => (b.Window, b.Seq)));
        Assert.All(expected.Zip(bodies), static pair => Assert.Equal(pair.First.Body.ToArray(), pair.Second.Bytes.ToArray()));
    }

    private async Task<IReadOnlyList<CompactionClaim>> ClaimsAsync(HoldingLimits limits, params SessionRef[] sessions) =>
        await ClaimsAsync(limits, sessions, 30);

    private async Task<IReadOnlyList<CompactionClaim>> ClaimsAsync(HoldingLimits limits, SessionRef[] sessions, long now) =>
        [.. (await Lifecycle.ClaimForCompactionAsync(100, limits, At(now), At(now + 30), default))
            .Where(c => sessions.Contains(c.Row.Session))];
}
