using SessionReplay.Catalog;
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

        Assert.True(await Assets.ConfirmAsync(Entry(1), null, default));

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
        Assert.Equal(
            AssetReservation.Reserved,
            (await Assets.ReserveAsync(Entry(5) with { Tenant = new($"{_tenant.Value}-b") }, max, At(0), default)).Reservation);

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

        Assert.Equal(10, reserved.Count(r => r.Reservation == AssetReservation.Reserved));
        Assert.Equal(30, reserved.Count(r => r.Reservation == AssetReservation.Full));
    }

    [SkippableFact]
    public async Task Reserve_AssetsThatNothingNames_HaveASmallShareUntilTheyAreNamed()
    {
        const long Max = 400L << 20;
        const long Large = 8 << 20;
        Assert.Equal(20 << 20, AssetEntry.UnnamedShare(Max));
        await AddAssetsAsync(1);
        Assert.Equal(AssetReservation.Reserved, await ReserveAsync(2, Large, Max));
        Assert.Equal(AssetReservation.Reserved, await ReserveAsync(3, Large, Max));
        Assert.Equal(AssetReservation.Full, await ReserveAsync(4, Large, Max));
        Assert.Equal(AssetReservation.Reserved, await ReserveAsync(4, 3L << 20, Max));

        // A session names a stylesheet, and thereby what that one names.
        await Assets.ReserveAsync(Entry(10) with { Names = [Hash(2), Hash(3)] }, Max * 2, At(0), default);
        Assert.Equal(AssetReservation.Full, await ReserveAsync(5, Large, Max));
        await AddAsync(0, new() { Assets = [Hash(10)] });
        Assert.Equal(AssetReservation.Reserved, await ReserveAsync(5, Large, Max));
        Assert.Equal(AssetReservation.Reserved, await ReserveAsync(6, Large - 8_192, Max));
        Assert.Equal(AssetReservation.Full, await ReserveAsync(7, Large, Max));
        var session = await AddAsync(0, new());
        Assert.True(await Assets.ConfirmAsync(Entry(6), session.Session, default));
        Assert.Equal(AssetReservation.Reserved, await ReserveAsync(7, Large - 8_192, Max));
    }

    [SkippableFact]
    public async Task Find_ForASession_TellsWhatItNamesAndFromHowManyAnAssetCame()
    {
        await AddAssetsAsync(1, 2);
        await ReserveAsync(3);
        Assert.True(await Assets.ConfirmAsync(Entry(1) with { Senders = 5 }, null, default));
        Assert.True(await OtherAssets.ConfirmAsync(Entry(1) with { Senders = long.MinValue | 1 }, null, default));
        var session = await AddAsync(0, new() { Assets = [Hash(2)] });

        var found = await OtherAssets.FindAsync(session, [Hash(1), Hash(2), Hash(3), Hash(9)], default);
        Assert.Equal([new(Hash(1), false, long.MinValue | 5), new(Hash(2), true, 0)], found.OrderBy(asset => asset.Hash.Hex));
        Assert.All(await Assets.FindAsync(NewSession(), [Hash(1), Hash(2)], default), asset => Assert.False(asset.IsNamed));
        Assert.Empty(await Assets.FindAsync(session with { Tenant = new("nobody") }, [Hash(1)], default));
        Assert.Equal(long.MinValue | 5, (await Assets.ListAsync(_tenant, null, 10, default))[0].Senders);
    }

    [SkippableFact]
    public async Task Record_MoreTermsThanASessionMayHave_KeepsTheFirst()
    {
        static ReadOnlyMemory<byte> Term(int i) => BitConverter.GetBytes((long)i).Concat(new byte[24]).ToArray();
        var (session, window) = (NewSession(), WindowId.Create(TimeProvider.System));
        for (var chunk = 0; chunk < 9; chunk++)
        {
            // Each repeats half of the one before.
            var delta = new SessionDelta { Terms = [.. Enumerable.Range(chunk * 500, 1_000).Select(Term)] };
            Assert.Equal([RecordOutcome.Recorded], await Writer.RecordAsync([Chunk(session, window, (uint)chunk, delta: delta)], default));
        }

        await AssertFindsAsync(query => query with { Terms = [Term(SessionDelta.MaxTerms - 1)] }, session);
        await AssertFindsAsync(query => query with { Terms = [Term(SessionDelta.MaxTerms)] });
    }

    [SkippableFact]
    public async Task Reserve_AgainWithAnotherKey_GivesTheFirstUntilItIsForgotten()
    {
        var other = Entry(1) with { Key = Guid.CreateVersion7() };
        await ReserveAsync(1);
        Assert.Equal(
            new AssetRoom(AssetReservation.Reserved, Entry(1).Key), await OtherAssets.ReserveAsync(other, 1_000_000, At(0), default));
        Assert.False(await Assets.ConfirmAsync(other, null, default));
        Assert.True(await Assets.ConfirmAsync(Entry(1), null, default));

        await TakeAsync(Day);
        await Assets.ForgetAsync(_tenant, [Hash(1)], default);
        Assert.Equal(
            new AssetRoom(AssetReservation.Reserved, other.Key), await OtherAssets.ReserveAsync(other, 1_000_000, At(Day), default));
        Assert.False(await Assets.ConfirmAsync(Entry(1), null, default));
        Assert.True(await Assets.ConfirmAsync(other, null, default));
        Assert.Equal([other.Key], (await Assets.ListAsync(_tenant, null, 10, default)).Select(asset => asset.Key));
    }

    [SkippableFact]
    public async Task FindKeys_OnlyOfASessionThatNamesThem_ItselfOrByAStylesheet()
    {
        await AddAssetsAsync(1, 3, 4);
        await Assets.ReserveAsync(Entry(2) with { Names = [Hash(1)] }, 1_000_000, At(0), default);
        Assert.True(await Assets.ConfirmAsync(Entry(2), null, default));
        var one = await AddAsync(0, new() { Assets = [Hash(2)] });
        var two = await AddAsync(0, new() { Assets = [Hash(3)] });
        Assert.True(await Assets.ConfirmAsync(Entry(4), two.Session, default));
        Assert.True(await Assets.ConfirmAsync(Entry(4), NewSession().Session, default));

        foreach (var (session, named) in new (SessionRef, byte[])[] { (one, [1, 2]), (two, [3, 4]), (NewSession(), []),
            (one with { Tenant = new("nobody") }, []) })
        {
            var found = await OtherAssets.FindKeysAsync(session, [Hash(5), Hash(4), Hash(3), Hash(2), Hash(1)], default);
            Assert.Equal(
                named.Select(i => KeyValuePair.Create(Hash(i), Entry(i).Key)), found.OrderBy(pair => pair.Key.Hex, StringComparer.Ordinal));
        }

        Assert.Empty(await Assets.FindKeysAsync(one, [], default));
        Assert.Equal([Hash(1)], (await Assets.FindKeysAsync(one, [Hash(1)], default)).Keys);
        await Lifecycle.BeginDeletionAsync(one, At(1), default);
        Assert.Empty(await Assets.FindKeysAsync(one, [Hash(1), Hash(2)], default));
    }

    private static ContentHash Hash(byte i) => ContentHash.FromBytes(Enumerable.Repeat(i, 32).ToArray());

    private AssetEntry Entry(byte i, long bytes = 100) => new()
    {
        Tenant = _tenant, Hash = Hash(i), Key = new(i, 0, 0, new byte[8]), Bytes = bytes,
    };

    private async Task<AssetReservation> ReserveAsync(byte i, long bytes = 100, long max = 1_000_000, long now = 0)
    {
        var room = await Assets.ReserveAsync(Entry(i, bytes), max, At(now), default);
        Assert.Equal(Entry(i).Key, room.Key);
        return room.Reservation;
    }

    private async Task AddAssetsAsync(params byte[] hashes)
    {
        foreach (var i in hashes)
        {
            Assert.Equal(AssetReservation.Reserved, await ReserveAsync(i));
            Assert.True(await Assets.ConfirmAsync(Entry(i), null, default));
        }
    }
}
