using SessionReplay.Catalog;
using Xunit;

namespace SessionReplay.Storage.ConformanceTests;

/// <content><see cref="ILiveViewStore"/>.</content>
public abstract partial class CatalogConformance
{
    private ILiveViewStore Views => (ILiveViewStore)Writer;

    private ILiveViewStore OtherViews => (ILiveViewStore)OtherLifecycle;

    [SkippableFact]
    public async Task NoteWatched_ByOneProcess_IsListedInAnotherUntilItExpires()
    {
        var (one, two, unwatched) = (await BeginAsync(), await BeginAsync(), await BeginAsync());
        await Views.NoteWatchedAsync([one, two, one], At(15), At(0), default);
        await OtherViews.NoteWatchedAsync([two], At(20), At(5), default);
        // The clock of another process may be behind.
        await Views.NoteWatchedAsync([two], At(18), At(3), default);

        await AssertWatchedAsync(14, one, two);
        await AssertWatchedAsync(15, two);
        await AssertWatchedAsync(20);
        Assert.DoesNotContain(unwatched, await OtherViews.ListWatchedAsync(At(0), 100, default));
    }

    [SkippableFact]
    public async Task NoteWatched_NotesThatExpired_AreRemoved()
    {
        var (old, recent) = (await BeginAsync(), await BeginAsync());
        await Views.NoteWatchedAsync([old], At(15), At(0), default);
        await Views.NoteWatchedAsync([], At(16), At(14), default);
        await AssertWatchedAsync(0, old);
        await OtherViews.NoteWatchedAsync([recent], At(30), At(15), default);
        await AssertWatchedAsync(0, recent);
    }

    [SkippableFact]
    public async Task NoteWatched_OneIdOfTwoTenants_IsOfOneAlone()
    {
        var session = await BeginAsync();
        var twin = session with { Tenant = new($"{_tenant.Value}-b") };
        await Writer.RecordAsync([Chunk(twin, WindowId.Create(TimeProvider.System), 0)], default);
        await Views.NoteWatchedAsync([twin], At(15), At(0), default);
        await AssertWatchedAsync(0);
        Assert.Contains(twin, await OtherViews.ListWatchedAsync(At(0), 100, default));
    }

    [SkippableFact]
    public async Task ListWatched_MoreThanTheLimit_ListsTheLatest()
    {
        var (first, last) = (await BeginAsync(), await BeginAsync());
        await Views.NoteWatchedAsync([first], At(100_000), At(0), default);
        await Views.NoteWatchedAsync([last], At(100_001), At(0), default);
        Assert.Equal([last], await Views.ListWatchedAsync(At(0), 1, default));
        Assert.Equal([last, first], await Views.ListWatchedAsync(At(0), 2, default));
        await Views.NoteWatchedAsync([], At(100_001), At(100_001), default);
    }

    [SkippableFact]
    public async Task NoteWatched_SessionThatIsOrWasDeleted_IsNotKept()
    {
        var (deleted, deleting, unknown) = (await BeginAsync(), await BeginAsync(), NewSession());
        await Views.NoteWatchedAsync([deleted, unknown], At(15), At(0), default);
        await Lifecycle.BeginDeletionAsync(deleting, At(1), default);
        await OtherViews.NoteWatchedAsync([deleting], At(15), At(1), default);
        await AssertWatchedAsync(0, deleted);

        await Lifecycle.BeginDeletionAsync(deleted, At(1), default);
        await Lifecycle.DeleteSessionAsync(deleted, At(1), default);
        await AssertWatchedAsync(0);
        await Views.NoteWatchedAsync([deleted], At(15), At(1), default);
        await AssertWatchedAsync(0);
    }

    [SkippableFact]
    public async Task NoteWatched_ByManyAtOnceWhileSessionsAreDeleted_EndsForAll()
    {
        var sessions = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => await BeginAsync()));
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
        {
            if (i % 4 == 0)
            {
                await Lifecycle.DeleteSessionAsync(sessions[i / 4], At(i), default);
                return;
            }

            SessionRef[] watched = [.. sessions];
            Random.Shared.Shuffle(watched);
            await (i % 2 == 0 ? Views : OtherViews).NoteWatchedAsync(watched, At(15 + i), At(i), default);
        })));

        await AssertWatchedAsync(0, sessions[10..]);
    }

    private async Task<SessionRef> BeginAsync()
    {
        var session = NewSession();
        await Writer.RecordAsync([Chunk(session, WindowId.Create(TimeProvider.System), 0)], default);
        return session;
    }

    /// <summary>Compares the test's own with what another process lists.</summary>
    private async Task AssertWatchedAsync(long now, params SessionRef[] expected)
    {
        var watched = await OtherViews.ListWatchedAsync(At(now), 1_000, default);
        Assert.Equal(expected.ToHashSet(), watched.Where(session => session.Tenant == _tenant).ToHashSet());
    }
}
