using SessionReplay.Catalog;
using SessionReplay.Testing;
using Xunit;

namespace SessionReplay.Storage.ConformanceTests;

/// <summary>
/// What every catalog must do: <see cref="ICatalogWriter"/>, <see cref="ICatalogReader"/> and <see cref="ISessionLifecycle"/> in one.
/// </summary>
public abstract partial class CatalogConformance : IAsyncLifetime
{
    private const long Start = 1_790_000_000_000;

    private static readonly HoldingLimits Unlimited = new(long.MaxValue, TimeSpan.FromDays(3_650));

    private readonly TenantId _tenant = new($"t{Guid.CreateVersion7():N}"[..20]);

    protected ICatalogWriter Writer { get; private set; } = null!;

    protected ICatalogReader Reader { get; private set; } = null!;

    protected ISessionLifecycle Lifecycle { get; private set; } = null!;

    /// <summary>The lifecycle as another process sees it.</summary>
    protected ISessionLifecycle OtherLifecycle { get; private set; } = null!;

    private ICatalogTransfer Transfer => (ICatalogTransfer)Reader;

    public async Task InitializeAsync()
    {
        var (catalog, other) = await CreateCatalogsAsync();
        (Writer, Reader, Lifecycle) = ((ICatalogWriter)catalog, (ICatalogReader)catalog, (ISessionLifecycle)catalog);
        OtherLifecycle = (ISessionLifecycle)other;
    }

    public virtual Task DisposeAsync() => Task.CompletedTask;

    [SkippableFact]
    public async Task Record_ChunksOutOfOrderAndTwice_CountOnce()
    {
        var session = NewSession();
        var window = WindowId.Create(TimeProvider.System);
        var chunks = Enumerable.Range(0, 4)
            .Select(i => Chunk(session, window, (uint)i, delta: new() { Clicks = 2, Errors = 1, Pages = 1, Requests = 3 })).ToList();

        Assert.Equal([RecordOutcome.Recorded, RecordOutcome.Recorded], await Writer.RecordAsync([chunks[2], chunks[0]], default));
        Assert.Equal(
            [RecordOutcome.Duplicate, RecordOutcome.Recorded, RecordOutcome.Duplicate, RecordOutcome.Recorded],
            await Writer.RecordAsync([chunks[0], chunks[3], chunks[3], chunks[1]], default));

        var row = (await Reader.FindSessionAsync(session, default))!;
        Assert.Equal((4, 1, 40L, 400L), (row.Chunks, row.Windows, row.Events, row.Bytes));
        Assert.Equal((8, 4, 4, 12), (row.Totals.Clicks, row.Totals.Errors, row.Totals.Pages, row.Totals.Requests));
        Assert.Equal((Start + 5, Start + 3 * 1000 + 500 + 5), (row.StartedAt, row.LastActivityAt));
        Assert.Null(row.EndedAt);
        var listed = await Reader.ListChunksAsync(session, default);
        Assert.Equal([0u, 1, 2, 3], listed.Select(c => c.Seq));
        Assert.Equal(chunks.Select(c => c.Location), listed.Select(c => c.Location));
        Assert.All(
            listed, c =>
                Assert.Equal(
                    (window, 5L, ChunkFlags.FullSnapshot, ChunkCompression.Gzip, 10u),
                    (c.Window, c.ClockOffset, c.Flags, c.Compression, c.EventCount)));
        Assert.Equal([1, 2, 3], listed[0].SealedFacts.ToArray());
        Assert.Equal(2u, (await Reader.FindChunkAsync(chunks[2].Header.Id, default))!.Seq);
        Assert.Null(await Reader.FindChunkAsync(chunks[2].Header.Id with { Seq = 9 }, default));
    }

    [SkippableFact]
    public async Task Record_TextsThatNotEveryDatabaseKeeps_AreRecordedWithoutThatCharacterAndFound()
    {
        var session = NewSession();
        var delta = new SessionDelta
        {
            Browser = "B\0", Os = "\uDE00", Device = "\0",
        };

        Assert.Equal(
            [RecordOutcome.Recorded],
            await Writer.RecordAsync([Chunk(session, WindowId.Create(TimeProvider.System), 0, delta: delta)], default));

        var totals = (await Reader.FindSessionAsync(session, default))!.Totals;
        Assert.Equal(("B\uFFFD", "\uFFFD", "\uFFFD"), (totals.Browser, totals.Os, totals.Device));
        foreach (var query in new SessionQuery[]
        {
            new() { Tenant = _tenant, Browser = "B\0" }, new() { Tenant = _tenant, Os = "\uDE00" },
            new() { Tenant = _tenant, Device = "\0" },
        })
        {
            Assert.Equal([session], (await Reader.SearchAsync(query, default)).Sessions.Select(row => row.Session));
        }
    }

    [SkippableFact]
    public async Task Record_ManyCallersAtOnce_CountEveryChunkOnce()
    {
        var session = NewSession();
        var window = WindowId.Create(TimeProvider.System);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
            (await Writer.RecordAsync([Chunk(session, window, (uint)(i / 2), delta: new() { Clicks = 1 })], default))[0]));

        Assert.Equal(100, outcomes.Count(o => o == RecordOutcome.Recorded));
        Assert.Equal(100, outcomes.Count(o => o == RecordOutcome.Duplicate));
        var row = (await Reader.FindSessionAsync(session, default))!;
        Assert.Equal((100, 100), (row.Chunks, row.Totals.Clicks));
    }

    /// <summary>A later chunk may be stored before the first, which alone tells where the visit began.</summary>
    [SkippableFact]
    public async Task Record_DeltaWithoutAddressAndUrl_LeavesThemToTheNext()
    {
        var session = NewSession();
        var window = WindowId.Create(TimeProvider.System);

        await Writer.RecordAsync([Chunk(session, window, 1, delta: new() { Clicks = 1 })], default);
        var before = (await Reader.FindSessionAsync(session, default))!.Totals;
        await Writer.RecordAsync(
            [Chunk(session, window, 0, delta: new() { SealedIp = new byte[] { 9 }, SealedEntryUrl = new byte[] { 7 } })], default);
        var after = (await Reader.FindSessionAsync(session, default))!.Totals;

        Assert.True(before.SealedIp.IsEmpty && before.SealedEntryUrl.IsEmpty && before.User is null);
        Assert.Equal([9], after.SealedIp.ToArray());
        Assert.Equal([7], after.SealedEntryUrl.ToArray());
    }

    [SkippableFact]
    public async Task Record_Deltas_FirstValueStaysAndLatestUserWins()
    {
        var session = NewSession();
        var window = WindowId.Create(TimeProvider.System);
        await Writer.RecordAsync(
            [
                Chunk(session, window, 1, delta: new()
                {
                    User = new(Start + 2000, new byte[] { 2 }), SealedIp = new byte[] { 9 }, Browser = "Chrome 140", Os = "Linux",
                    Device = "desktop",
                    SealedEntryUrl = new byte[] { 7 }, ViewportWidth = 800, ViewportHeight = 600, Terms = [Index(2), Index(20), Index(21)],
                    CustomEvents = [Name(30)],
                }),
                Chunk(session, window, 0, delta: new()
                {
                    User = new(Start + 1000, new byte[] { 1 }), Browser = "Firefox 1", SealedEntryUrl = new byte[] { 8 }, ViewportWidth = 1,
                    Terms = [Index(1), Index(20)], CustomEvents = [Name(30), Name(31)],
                }),
            ],
            default);

        var totals = (await Reader.FindSessionAsync(session, default))!.Totals;
        Assert.Equal([2], totals.User!.Sealed.ToArray());
        Assert.Equal([9], totals.SealedIp.ToArray());
        Assert.Equal([7], totals.SealedEntryUrl.ToArray());
        Assert.Equal(
            ("Chrome 140", "Linux", "desktop", 800, 600),
            (totals.Browser, totals.Os, totals.Device, totals.ViewportWidth, totals.ViewportHeight));
        Assert.Equal([30, 31], Names(totals));
        Assert.Equal(Name(30).Sealed.ToArray(), totals.CustomEvents[0].Sealed.ToArray());
        var found = Assert.Single((await SearchAsync(q => q with { Terms = [Index(1), Index(2), Index(21), Index(31)] })).Sessions);
        Assert.Equal([30, 31], Names(found.Totals));
        Assert.Empty((await SearchAsync(q => q with { Terms = [Index(1), Index(7)] })).Sessions);
    }

    [SkippableFact]
    public async Task Record_ChunksOfAWindowInAnyOrder_TheEndOfTheGreatestSeqIsKept()
    {
        var session = NewSession();
        var (window, other) = (WindowId.Create(TimeProvider.System), WindowId.Create(TimeProvider.System));
        foreach (uint seq in new uint[] { 1, 3, 0, 2, 3 })
        {
            await Writer.RecordAsync([Chunk(session, window, seq)], default);
        }

        await Writer.RecordAsync([Chunk(session, other, 0)], default);

        var chunks = await Reader.ListChunksAsync(session, default);
        Assert.All(chunks, chunk => Assert.Equal([chunk.Window == window ? (byte)3 : (byte)0], chunk.SealedWindowEnd.ToArray()));
        Assert.Equal(5, chunks.Count);
    }

    [SkippableFact]
    public async Task ListChunks_PageByPage_GivesEachOnceInOrder()
    {
        var session = NewSession();
        var windows = Enumerable.Range(0, 3).Select(_ => WindowId.Create(TimeProvider.System)).ToList();
        await Writer.RecordAsync(
            [.. windows.SelectMany(window => Enumerable.Range(0, 7).Select(seq => Chunk(session, window, (uint)seq)))], default);
        var all = await Reader.ListChunksAsync(session, default);

        var read = new List<ChunkRow>();
        IReadOnlyList<ChunkRow> page;
        ChunkCursor? after = null;
        while ((page = await Reader.ListChunksAsync(session, after, 4, default)).Count > 0)
        {
            Assert.InRange(page.Count, 1, 4);
            read.AddRange(page);
            after = new(page[^1].Window, page[^1].Seq);
        }

        Assert.Equal(
            windows.OrderBy(window => window.Value).SelectMany(window => Enumerable.Range(0, 7).Select(seq => (window, (uint)seq))),
            read.Select(c => (c.Window, c.Seq)));
        Assert.Equal(all.Select(c => c.Location), read.Select(c => c.Location));
    }

    [SkippableFact]
    public async Task EndSessions_IdleOrTooLong_EndsThemOnce()
    {
        var idle = await AddAsync(0, new());
        var live = await AddAsync(100_000, new());

        Assert.True(await Lifecycle.EndSessionsAsync(At(50_000), At(-1_000_000), At(60_000), default) >= 1);

        Assert.Equal(At(60_000).ToUnixTimeMilliseconds(), (await Reader.FindSessionAsync(idle, default))!.EndedAt);
        Assert.Null((await Reader.FindSessionAsync(live, default))!.EndedAt);
        await Lifecycle.EndSessionsAsync(At(-1_000_000), At(100_001), At(200_000), default);
        Assert.Equal(At(60_000).ToUnixTimeMilliseconds(), (await Reader.FindSessionAsync(idle, default))!.EndedAt);
        Assert.NotNull((await Reader.FindSessionAsync(live, default))!.EndedAt);
    }

    [SkippableFact]
    public async Task Record_AnotherBatchOfTheSameName_IsAConflictAndChangesNothing()
    {
        var session = NewSession();
        var window = WindowId.Create(TimeProvider.System);
        var first = Chunk(session, window, 0);
        var other = first with { Header = first.Header with { Digest = new(0x0102030405060708, 99), EventCount = 500 },
            Location = new("another", 0, 7) };

        var outcomes = await Writer.RecordAsync([first, other, first], default);
        var again = await Writer.RecordAsync([other, first], default);

        Assert.Equal([RecordOutcome.Recorded, RecordOutcome.Conflict, RecordOutcome.Duplicate], outcomes);
        Assert.Equal([RecordOutcome.Conflict, RecordOutcome.Duplicate], again);
        Assert.Equal(
            (1, 10L),
            ((await Reader.FindSessionAsync(session, default))!.Chunks, (await Reader.FindSessionAsync(session, default))!.Events));
        Assert.Equal(first.Location, (await Reader.FindChunkAsync(first.Header.Id, default))!.Location);
    }

    /// <summary>Gives a catalog and a second client of the same; the adapter skips here when its peer is missing.</summary>
    protected abstract Task<(object Catalog, object Other)> CreateCatalogsAsync();

    private static ReadOnlyMemory<byte> Index(byte i) => Enumerable.Repeat(i, 16).ToArray();

    private static SealedName Name(byte i) => new(Index(i), new byte[] { i, 1 });

    private static DateTimeOffset At(long secondsAfterStart) => DateTimeOffset.FromUnixTimeMilliseconds(Start + (secondsAfterStart * 1000));

    private static async Task<IReadOnlyList<SessionRef>> ClaimAsync(ISessionLifecycle lifecycle, long now, long until, int limit = 100) =>
        [.. (await lifecycle.ClaimForCompactionAsync(limit, Unlimited, At(now), At(until), default)).Select(c => c.Row.Session)];

    private static ChunkRecord Chunk(SessionRef session, WindowId window, uint seq, SessionDelta? delta = null, long startSeconds = 0) =>
        new()
    {
        Header = new ChunkHeader
        {
            Id = new(session.Tenant, session.Session, window, seq),
            Compression = ChunkCompression.Gzip,
            Flags = ChunkFlags.FullSnapshot,
            EventCount = 10,
            FirstTime = Start + (startSeconds * 1000) + (seq * 1000),
            LastTime = Start + (startSeconds * 1000) + (seq * 1000) + 500,
            SessionStarted = Start + (startSeconds * 1000),
            BatchLength = 1000,
            PayloadLength = 100,
            Digest = new(0x0102030405060708, seq),
        },
        Location = new($"part-{seq}", seq * 7, 100),
        ReceivedAt = Start + (startSeconds * 1000) + (seq * 1000) + 700,
        ClockOffset = 5,
        SealedFacts = new byte[] { 1, 2, 3 },
        SealedWindowEnd = new[] { (byte)seq },
        Delta = delta ?? new(),
    };

    private async Task<SessionRef> AddAsync(long startSeconds, SessionDelta delta, int chunks = 1)
    {
        var session = NewSession();
        var window = WindowId.Create(TimeProvider.System);
        for (uint seq = 0; seq < chunks; seq++)
        {
            await Writer.RecordAsync([Chunk(session, window, seq, seq == 0 ? delta : null, startSeconds)], default);
        }

        return session;
    }

    private ValueTask<SessionPage> SearchAsync(Func<SessionQuery, SessionQuery> change) =>
        Reader.SearchAsync(change(new() { Tenant = _tenant }), default);

    private SessionRef NewSession() => new(_tenant, SessionId.Create(TimeProvider.System));
}
