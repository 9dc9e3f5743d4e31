using SessionReplay.Catalog;
using Xunit;

namespace SessionReplay.Storage.ConformanceTests;

/// <content>What the sweeps ask before they delete, and the end of tombstones.</content>
public abstract partial class CatalogConformance
{
    [SkippableFact]
    public async Task ReadClock_GivesTheNewestBatchOfTheTenant()
    {
        Assert.Null((await Lifecycle.ReadClockAsync(_tenant, default)).LastReceived);
        var old = await AddAsync(10, new());
        var newest = await AddAsync(20, new());
        Assert.InRange((await Lifecycle.ReadClockAsync(_tenant, default)).LastReceived!.Value, At(20), At(21));
        await Lifecycle.BeginDeletionAsync(newest, At(30), default);
        Assert.InRange((await Lifecycle.ReadClockAsync(_tenant, default)).LastReceived!.Value, At(10), At(11));
        await Lifecycle.BeginDeletionAsync(old, At(30), default);

        var clock = await OtherLifecycle.ReadClockAsync(_tenant, default);
        Assert.Null(clock.LastReceived);
        Assert.True(clock.Server is not { } server || (server - TimeProvider.System.GetUtcNow()).Duration() < TimeSpan.FromMinutes(10));
    }

    [SkippableFact]
    public async Task BeginDeletion_Session_HidesItAndKeepsItsTimes()
    {
        var session = await AddAsync(10, new());
        var shown = (await Reader.FindSessionAsync(session, default))!;
        await Lifecycle.EndSessionsAsync(At(20), At(20), At(20), default);

        for (var round = 0; round < 2; round++)
        {
            var row = await Lifecycle.BeginDeletionAsync(session, At(30 + round), default);
            Assert.Equal((shown.LastReceivedAt, shown.StartedAt), (row!.LastReceivedAt, row.StartedAt));
        }

        Assert.Null(await Reader.FindSessionAsync(session, default));
        Assert.Empty(await Lifecycle.ListExpiredAsync(_tenant, At(Day), 10, default));
        Assert.Equal((0, 0), await Lifecycle.CountExpiredAsync(_tenant, At(Day), default));
        var claims = await Lifecycle.ClaimForCompactionAsync(1_000, Unlimited, At(Day), At(Day), default);
        Assert.DoesNotContain(session, claims.Select(claim => claim.Row.Session));
        Assert.Equal(
            shown.LastReceivedAt, Assert.Single(await OtherLifecycle.ListDeletingAsync(_tenant, null, 10, default)).LastReceivedAt);
    }

    [SkippableFact]
    public async Task ListTenants_GivesThoseOfSessionsAndOfAssets()
    {
        Assert.DoesNotContain(_tenant, await Lifecycle.ListTenantsAsync(default));
        var session = await AddAsync(0, new());
        await AddAsync(0, new());
        var other = Entry(1) with { Tenant = new($"{_tenant.Value}-a") };
        await Assets.ReserveAsync(other, 1_000_000, At(0), default);
        var tenants = await OtherLifecycle.ListTenantsAsync(default);
        Assert.Single(tenants, _tenant);
        Assert.Single(tenants, other.Tenant);
        await Lifecycle.DeleteSessionAsync(session, At(1), default);
        Assert.Contains(_tenant, await Lifecycle.ListTenantsAsync(default));
    }

    [SkippableFact]
    public async Task RemoveTombstones_OldOnesOfWhichNothingIsLeft_LetTheIdBeUsedAgain()
    {
        var (old, begun, young) = (await AddAsync(0, new()), await AddAsync(0, new()), await AddAsync(0, new()));
        await Lifecycle.DeleteSessionAsync(old, At(10), default);
        await Lifecycle.BeginDeletionAsync(begun, At(10), default);
        await Lifecycle.DeleteSessionAsync(young, At(20), default);

        while (await OtherLifecycle.RemoveTombstonesAsync(At(20), 1, default) == 1)
        {
        }

        Assert.Equal(
            RecordOutcome.Recorded,
            Assert.Single(await Writer.RecordAsync([Chunk(old, WindowId.Create(TimeProvider.System), 0)], default)));
        Assert.Equal(
            RecordOutcome.SessionDeleted,
            Assert.Single(await Writer.RecordAsync([Chunk(begun, WindowId.Create(TimeProvider.System), 0)], default)));
        Assert.Equal(
            RecordOutcome.SessionDeleted,
            Assert.Single(await Writer.RecordAsync([Chunk(young, WindowId.Create(TimeProvider.System), 0)], default)));
    }
}
