using SessionReplay.Catalog;
using Xunit;

namespace SessionReplay.Storage.ConformanceTests;

/// <content><see cref="IQuotaStore"/>.</content>
public abstract partial class CatalogConformance
{
    private static readonly QuotaLimit TenInAnHour = new(10, TimeSpan.FromHours(1));

    private IQuotaStore Quotas => (IQuotaStore)Writer;

    private IQuotaStore OtherQuotas => (IQuotaStore)OtherLifecycle;

    [SkippableFact]
    public async Task Quota_TakenByTwoProcesses_IsSharedUntilItsPeriodEnds()
    {
        Assert.Equal(new(7, At(3_600)), await Quotas.TakeAsync(_tenant, "a", 7, TenInAnHour, At(0), default));
        Assert.Equal(new(3, At(3_600)), await OtherQuotas.TakeAsync(_tenant, "a", 7, TenInAnHour, At(100), default));
        Assert.Equal(new(0, At(3_600)), await Quotas.TakeAsync(_tenant, "a", 1, TenInAnHour, At(3_599), default));

        Assert.Equal(new(4, At(7_200)), await OtherQuotas.TakeAsync(_tenant, "a", 4, TenInAnHour, At(3_600), default));
        Assert.Equal(new(6, At(7_200)), await Quotas.TakeAsync(_tenant, "a", 9, TenInAnHour, At(3_700), default));
    }

    [SkippableFact]
    public async Task Quota_OfAnotherNameTenantOrBound_IsAnother()
    {
        Assert.Equal(10, (await Quotas.TakeAsync(_tenant, "a", 10, TenInAnHour, At(0), default)).Granted);
        Assert.Equal(10, (await Quotas.TakeAsync(_tenant, "b", 10, TenInAnHour, At(0), default)).Granted);
        Assert.Equal(10, (await Quotas.TakeAsync(new($"{_tenant.Value}-b"), "a", 10, TenInAnHour, At(0), default)).Granted);
        // A bound that was raised or lowered counts at once.
        Assert.Equal(5, (await Quotas.TakeAsync(_tenant, "a", 10, TenInAnHour with { Max = 15 }, At(0), default)).Granted);
        Assert.Equal(0, (await Quotas.TakeAsync(_tenant, "a", 10, TenInAnHour with { Max = 1 }, At(0), default)).Granted);
    }

    [SkippableFact]
    public async Task Quota_TakenByManyAtOnce_IsNeverExceeded()
    {
        var grants = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(async () =>
            await (i % 2 == 0 ? Quotas : OtherQuotas).TakeAsync(_tenant, "a", 3, new(100, TimeSpan.FromHours(1)), At(0), default))));
        Assert.Equal(100, grants.Sum(grant => grant.Granted));
    }

    [SkippableFact]
    public async Task RemoveEnded_PeriodsThatEnded_AreRemovedAlone()
    {
        await Quotas.TakeAsync(_tenant, "a", 10, TenInAnHour, At(0), default);
        await Quotas.TakeAsync(_tenant, "b", 10, TenInAnHour, At(10), default);
        Assert.True(await Quotas.RemoveEndedAsync(At(3_600), default) >= 1);
        Assert.Equal(10, (await Quotas.TakeAsync(_tenant, "a", 10, TenInAnHour, At(5), default)).Granted);
        Assert.Equal(0, (await Quotas.TakeAsync(_tenant, "b", 10, TenInAnHour, At(3_600), default)).Granted);
    }
}
