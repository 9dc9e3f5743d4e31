using SessionReplay.Catalog;
using SessionReplay.Testing;
using Xunit;

namespace SessionReplay.Storage.ConformanceTests;

/// <content>Sessions that are past their retention, and their deletion.</content>
public abstract partial class CatalogConformance
{
    [SkippableFact]
    public async Task CountExpired_TenantsSessions_CountsThoseReceivedBeforeAndAll()
    {
        await AddAsync(0, new());
        await AddAsync(100, new());
        await AddAsync(1_000, new());
        await Lifecycle.BeginDeletionAsync(await AddAsync(0, new()), At(1), default);

        Assert.Equal((2L, 3L), await Lifecycle.CountExpiredAsync(_tenant, At(500), default));
        Assert.Equal((0L, 0L), await Lifecycle.CountExpiredAsync(new TenantId("nobody"), At(500), default));
    }

    [SkippableFact]
    public async Task Delete_Session_LeavesATombstoneThatNoChunkBringsBack()
    {
        var session = await AddAsync(0, new() { CustomEvents = [Name(30)], User = new(1, new byte[] { 1 }), Terms = [Index(5)] });
        var window = (await Reader.ListChunksAsync(session, default))[0].Window;

        await Lifecycle.DeleteSessionAsync(session, At(1), default);
        await Lifecycle.DeleteSessionAsync(session, At(2), default);

        Assert.Null(await Reader.FindSessionAsync(session, default));
        Assert.Empty(await Reader.ListChunksAsync(session, default));
        await AssertFindsAsync(q => q);
        await AssertFindsAsync(q => q with { Terms = [Index(5)] });
        Assert.Equal([RecordOutcome.SessionDeleted], await Writer.RecordAsync([Chunk(session, window, 7)], default));
        Assert.Null(await Reader.FindSessionAsync(session, default));
        var never = NewSession();
        await Lifecycle.DeleteSessionAsync(never, At(1), default);
        Assert.Equal([RecordOutcome.SessionDeleted], await Writer.RecordAsync([Chunk(never, window, 0)], default));
    }

    [SkippableFact]
    public async Task BeginDeletion_Session_IsHiddenAndListedUntilItIsDeleted()
    {
        var session = await AddAsync(0, new() { User = new(1, new byte[] { 1 }), Terms = [Index(5)] });
        var other = await AddAsync(1, new());
        var window = (await Reader.ListChunksAsync(session, default))[0].Window;
        await Lifecycle.EndSessionsAsync(At(10), At(10), At(20), default);
        var claims = (await Lifecycle.ClaimForCompactionAsync(100, Unlimited, At(30), At(60), default))
            .Where(c => c.Row.Session == session).ToList();

        Assert.Equal(session, (await Lifecycle.BeginDeletionAsync(session, At(40), default))!.Session);
        Assert.Equal(session, (await OtherLifecycle.BeginDeletionAsync(session, At(41), default))!.Session);

        Assert.Null(await Reader.FindSessionAsync(session, default));
        await AssertFindsAsync(q => q, other);
        Assert.Equal([RecordOutcome.SessionDeleted], await Writer.RecordAsync([Chunk(session, window, 7)], default));
        Assert.Equal([session], await ListDeletingAsync(null));
        Assert.Empty(await ListDeletingAsync(session));
        Assert.DoesNotContain(session, (await Lifecycle.ListExpiredAsync(_tenant, At(500), 10, default)).Select(s => s.Session));
        Assert.False(await Lifecycle.RenewClaimAsync(Assert.Single(claims), At(90), default));
        Assert.Null(await Lifecycle.CompleteCompactionAsync(claims[0], Recording("recording", []), default));
        Assert.DoesNotContain(session, await ClaimAsync(Lifecycle, 100_000, 200_000));
        await Lifecycle.DeleteSessionAsync(session, At(50), default);
        Assert.Empty(await ListDeletingAsync(null));
        var never = NewSession();
        Assert.Null(await Lifecycle.BeginDeletionAsync(never, At(1), default));
        Assert.Equal([RecordOutcome.SessionDeleted], await Writer.RecordAsync([Chunk(never, window, 0)], default));
    }

    [SkippableFact]
    public async Task ListDeleting_PageByPage_GivesEachOnce()
    {
        var begun = new List<SessionRef>();
        for (var i = 0; i < 5; i++)
        {
            begun.Add(await AddAsync(i, new()));
            await Lifecycle.BeginDeletionAsync(begun[^1], At(40), default);
        }

        var found = new List<SessionRef>();
        IReadOnlyList<SessionRef> page;
        while ((page = await ListDeletingAsync(found.Count == 0 ? null : found[^1], 2)).Count > 0)
        {
            Assert.InRange(page.Count, 1, 2);
            found.AddRange(page);
        }

        Assert.Equal(begun.Count, found.Count);
        Assert.Equal(begun.ToHashSet(), found.ToHashSet());
    }

    [SkippableFact]
    public async Task ListExpired_OldestFirst_GivesWhatWasReceivedBefore()
    {
        var oldest = await AddAsync(0, new());
        var old = await AddAsync(10, new());
        await AddAsync(1000, new());

        Assert.Equal([oldest, old], (await Lifecycle.ListExpiredAsync(_tenant, At(500), 10, default)).Select(s => s.Session));
        Assert.Equal([oldest], (await Lifecycle.ListExpiredAsync(_tenant, At(500), 1, default)).Select(s => s.Session));
    }

    private async Task<IReadOnlyList<SessionRef>> ListDeletingAsync(SessionRef? after, int limit = 10) =>
        [.. (await Lifecycle.ListDeletingAsync(_tenant, after?.Session, limit, default)).Select(s => s.Session)];
}
