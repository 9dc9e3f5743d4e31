using SessionReplay.Catalog;
using SessionReplay.Format;
using Xunit;

namespace SessionReplay.Storage.ConformanceTests;

/// <content><see cref="IAssetCatalog"/>.</content>
public abstract partial class CatalogConformance
{
    private const long Day = 86_400;

    private IAssetCatalog Assets => (IAssetCatalog)Writer;

    private IAssetCatalog OtherAssets => (IAssetCatalog)OtherLifecycle;

    [SkippableFact]
    public async Task Asset_ReservedThenConfirmed_IsThereForItsTenantAlone()
    {
        Assert.Equal(AssetReservation.Reserved, await ReserveAsync(1));
        Assert.Empty(await Assets.TouchAsync(_tenant, [Hash(1), Hash(2)], At(0), default));
        Assert.Empty(await Assets.ListAsync(_tenant, null, 10, default));

        await Assets.ConfirmAsync(_tenant, Hash(1), default);

        Assert.Equal([Hash(1)], await OtherAssets.TouchAsync(_tenant, [Hash(1), Hash(1), Hash(2)], At(0), default));
        Assert.Empty(await Assets.TouchAsync(new TenantId("nobody"), [Hash(1)], At(0), default));
        Assert.Empty(await Assets.TouchAsync(_tenant, [], At(0), default));
    }

    [SkippableFact]
    public async Task Reserve_MoreThanTheTenantMayHave_IsFullUntilRoomIsFreed()
    {
        var max = 3 * 4_096 + 5_000;
        Assert.Equal(AssetReservation.Reserved, await ReserveAsync(1, bytes: 5_000, max: max));
        Assert.Equal(AssetReservation.Reserved, await ReserveAsync(2, bytes: 1, max: max));
        Assert.Equal(AssetReservation.Reserved, await ReserveAsync(3, bytes: 4_096, max: max));
        Assert.Equal(AssetReservation.Full, await ReserveAsync(4, bytes: 4_097, max: max));
        Assert.Equal(AssetReservation.Reserved, await ReserveAsync(1, bytes: 5_000, max: max));
        Assert.Equal(AssetReservation.Reserved, await ReserveAsync(4, bytes: 4_096, max: max));
        Assert.Equal(AssetReservation.Full, await ReserveAsync(5, bytes: 1, max: max));
        Assert.Equal(AssetReservation.Reserved, await Assets.ReserveAsync(Entry(5) with { Tenant = new($"{_tenant.Value}-b") }, max, At(0), default));

        Assert.Equal(4, (await TakeAsync(Day)).Count);
        Assert.Equal(AssetReservation.Full, await ReserveAsync(5, bytes: 1, max: max));
        await Assets.ForgetAsync(_tenant, [Hash(1), Hash(9)], default);
        await Assets.ForgetAsync(_tenant, [Hash(1)], default);
        Assert.Equal(AssetReservation.Reserved, await ReserveAsync(5, bytes: 5_000, max: max));
        Assert.Equal(AssetReservation.Full, await ReserveAsync(6, bytes: 1, max: max));
    }

    [SkippableFact]
    public async Task Reserve_ManyAtOnce_NeverExceedTheBound()
    {
        var reserved = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
            await (i % 2 == 0 ? Assets : OtherAssets).ReserveAsync(Entry((byte)i), 10 * 4_096, At(0), default))));

        Assert.Equal(10, reserved.Count(r => r == AssetReservation.Reserved));
        Assert.Equal(30, reserved.Count(r => r == AssetReservation.Full));
    }

    [SkippableFact]
    public async Task TakeUnused_NamedBySessions_IsKeptUntilTheLastIsDeleted()
    {
        await AddAssetsAsync(1, 2, 3);
        var one = await AddAsync(0, new() { Assets = [Hash(1), Hash(2), Hash(1), Hash(99)] }, chunks: 2);
        var two = await AddAsync(0, new() { Assets = [Hash(1)] });
        Assert.Equal([Hash(1), Hash(2)], await Assets.ListNamedAsync(one, default));

        Assert.Equal([Hash(3)], await TakeAsync(Day));
        await Lifecycle.BeginDeletionAsync(one, At(1), default);
        Assert.Empty(await TakeAsync(Day));
        await Lifecycle.DeleteSessionAsync(one, At(1), default);
        Assert.Equal([Hash(2)], await TakeAsync(Day));
        await Lifecycle.DeleteSessionAsync(two, At(1), default);
        Assert.Equal([Hash(1)], await TakeAsync(Day));
        Assert.Empty(await Assets.ListNamedAsync(one, default));
    }

    [SkippableFact]
    public async Task TakeUnused_UsedSince_IsKept()
    {
        await AddAssetsAsync(1, 2, 3, 4);
        await AddAsync(10 * Day, new() { Assets = [Hash(1)] });
        await Assets.TouchAsync(_tenant, [Hash(2)], At(10 * Day), default);
        await ReserveAsync(3, now: 10 * Day);

        Assert.Equal([Hash(4)], await TakeAsync(9 * Day));
        Assert.Equal(2, (await TakeAsync(11 * Day)).Count);
    }

    [SkippableFact]
    public async Task TakeUnused_NamedByAnAsset_IsKeptAsLongAsThatOne()
    {
        await AddAssetsAsync(1);
        await Assets.ReserveAsync(Entry(2) with { Names = [Hash(1), Hash(77)] }, 1_000_000, At(0), default);
        await Assets.ConfirmAsync(_tenant, Hash(2), default);
        var session = await AddAsync(0, new() { Assets = [Hash(2)] });
        var all = await Assets.ListAsync(_tenant, null, 10, default);
        Assert.Equal([Hash(1), Hash(2)], all.Select(asset => asset.Hash));
        Assert.Equal([Hash(1)], all[1].Names);
        Assert.Equal([Hash(2)], (await Assets.ListAsync(_tenant, Hash(1), 10, default)).Select(asset => asset.Hash));

        Assert.Empty(await TakeAsync(Day));
        await Lifecycle.DeleteSessionAsync(session, At(1), default);
        Assert.Equal([Hash(2)], await TakeAsync(Day));
        Assert.Empty(await TakeAsync(Day));
        await Assets.ForgetAsync(_tenant, [Hash(2)], default);
        Assert.Equal([Hash(1)], await TakeAsync(Day));
    }

    [SkippableFact]
    public async Task TakeUnused_Taken_IsGoneAndCannotComeBackUntilItIsForgotten()
    {
        await AddAssetsAsync(1);
        Assert.Equal([Hash(1)], await TakeAsync(Day));

        Assert.Empty(await TakeAsync(Day));
        Assert.Empty(await Assets.TouchAsync(_tenant, [Hash(1)], At(Day), default));
        Assert.Equal(AssetReservation.Removing, await ReserveAsync(1, now: Day));
        await Assets.ConfirmAsync(_tenant, Hash(1), default);
        Assert.Empty(await Assets.TouchAsync(_tenant, [Hash(1)], At(Day), default));

        // After a crash of who took it; also when a session has named it since.
        await AddAsync(Day, new() { Assets = [Hash(1)] });
        Assert.Equal([Hash(1)], await OtherAssets.TakeUnusedAsync(_tenant, At(2 * Day), At(2 * Day), At(2 * Day), 10, default));
        await OtherAssets.ForgetAsync(_tenant, [Hash(1)], default);
        Assert.Equal(AssetReservation.Reserved, await ReserveAsync(1, now: 2 * Day));
        await Assets.ConfirmAsync(_tenant, Hash(1), default);
        Assert.Equal([Hash(1)], await Assets.TouchAsync(_tenant, [Hash(1)], At(2 * Day), default));
    }

    [SkippableFact]
    public async Task TakeUnused_ReservedAndNeverConfirmed_IsTaken()
    {
        await ReserveAsync(1);
        Assert.Equal([Hash(1)], await TakeAsync(Day));
    }

    [SkippableFact]
    public async Task TakeUnused_WhileSessionsNameThem_NeverTakesANamedOne()
    {
        for (var round = 0; round < 5; round++)
        {
            var hashes = Enumerable.Range(1, 20).Select(i => (byte)((round * 20) + i)).ToArray();
            await AddAssetsAsync(hashes);
            var named = Task.WhenAll(hashes.Select(i => Task.Run(() => AddAsync(10 * Day, new() { Assets = [Hash(i)] }))));
            var taken = new List<ContentHash>();
            do
            {
                taken.AddRange(await OtherAssets.TakeUnusedAsync(_tenant, At(5 * Day), At(-Day), At(10 * Day), 3, default));
            }
            while (!named.IsCompleted);

            // What was not taken before its session came is there, and stays.
            await named;
            var there = await Assets.TouchAsync(_tenant, [.. hashes.Select(Hash)], At(10 * Day), default);
            Assert.Empty(there.Intersect(taken));
            Assert.Equal(hashes.Length, there.Count + taken.Count);
            Assert.Empty(await OtherAssets.TakeUnusedAsync(_tenant, At(100 * Day), At(-Day), At(100 * Day), 100, default));
        }
    }

    private static ContentHash Hash(byte i) => ContentHash.FromBytes(Enumerable.Repeat(i, 32).ToArray());

    private AssetEntry Entry(byte i, long bytes = 100) => new() { Tenant = _tenant, Hash = Hash(i), Bytes = bytes };

    private ValueTask<AssetReservation> ReserveAsync(byte i, long bytes = 100, long max = 1_000_000, long now = 0) =>
        Assets.ReserveAsync(Entry(i, bytes), max, At(now), default);

    private async Task AddAssetsAsync(params byte[] hashes)
    {
        foreach (var i in hashes)
        {
            Assert.Equal(AssetReservation.Reserved, await ReserveAsync(i));
            await Assets.ConfirmAsync(_tenant, Hash(i), default);
        }
    }

    private ValueTask<IReadOnlyList<ContentHash>> TakeAsync(long usedBefore) =>
        Assets.TakeUnusedAsync(_tenant, At(usedBefore), At(-Day), At(usedBefore), 100, default);
}
