using SessionReplay.Catalog;
using Xunit;

namespace SessionReplay.Storage.ConformanceTests;

/// <content>Taking assets that are not used or not named any more.</content>
public abstract partial class CatalogConformance
{
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
        await AddAssetsAsync(1, 2, 3, 4, 5);
        await AddAsync(10 * Day, new() { Assets = [Hash(1)] });
        var gone = await AddAsync(0, new() { Assets = [Hash(2), Hash(5)] });
        await Lifecycle.DeleteSessionAsync(gone, At(1), default);
        Assert.Equal(2, (await Assets.TouchAsync(_tenant, [Hash(2), Hash(4)], At(10 * Day), default)).Count);
        await ReserveAsync(3, now: 10 * Day);

        // The life of what nothing has named counts from its first upload.
        Assert.Equal([Hash(3), Hash(4), Hash(5)], (await TakeAsync(9 * Day)).OrderBy(hash => hash.Hex));
        Assert.Equal([Hash(2)], await TakeAsync(11 * Day));
    }

    [SkippableFact]
    public async Task TakeUnused_NamedByAnAsset_IsKeptAsLongAsThatOne()
    {
        await AddAssetsAsync(1);
        await Assets.ReserveAsync(Entry(2) with { Names = [Hash(1), Hash(77)] }, 1_000_000, At(0), default);
        Assert.True(await Assets.ConfirmAsync(Entry(2), null, default));
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
        Assert.False(await Assets.ConfirmAsync(Entry(1), null, default));
        Assert.Empty(await Assets.TouchAsync(_tenant, [Hash(1)], At(Day), default));

        // After a crash of who took it; also when a session has named it since.
        await AddAsync(Day, new() { Assets = [Hash(1)] });
        var again = await OtherAssets.TakeUnusedAsync(_tenant, At(-Day), At(2 * Day), At(2 * Day), 10, default);
        Assert.Equal([Hash(1)], again.Select(asset => asset.Hash));
        await OtherAssets.ForgetAsync(_tenant, [Hash(1)], default);
        Assert.Equal(AssetReservation.Reserved, await ReserveAsync(1, now: 2 * Day));
        Assert.True(await Assets.ConfirmAsync(Entry(1), null, default));
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
                taken.AddRange(
                    (await OtherAssets.TakeUnusedAsync(_tenant, At(5 * Day), At(-Day), At(10 * Day), 3, default))
                        .Select(asset => asset.Hash));
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

    [SkippableFact]
    public async Task TakeUnnamed_OfASessionThatIsDeleted_TakesWhatNobodyElseNames()
    {
        await AddAssetsAsync(1, 2, 3, 5);
        foreach (var (sheet, name) in new (byte, byte)[] { (10, 1), (11, 2), (12, 2) })
        {
            await Assets.ReserveAsync(Entry(sheet) with { Names = [Hash(name)] }, 1_000_000, At(0), default);
            Assert.True(await Assets.ConfirmAsync(Entry(sheet), null, default));
        }

        var one = await AddAsync(0, new() { Assets = [Hash(10), Hash(11), Hash(3), Hash(5)] });
        var two = await AddAsync(0, new() { Assets = [Hash(12), Hash(3)] });
        var three = await AddAsync(0, new() { Assets = [Hash(5)] });
        ContentHash[] named = [Hash(3), Hash(5), Hash(10), Hash(11), Hash(99)];
        Assert.Empty(await Assets.TakeUnnamedAsync(_tenant, named, At(0), default));
        Assert.Empty(await Assets.TakeUnnamedAsync(_tenant, [], At(0), default));

        // Of two that are deleted at a time, neither keeps what the other names.
        await Lifecycle.BeginDeletionAsync(one, At(1), default);
        await Lifecycle.BeginDeletionAsync(three, At(1), default);
        for (var run = 0; run < 2; run++)
        {
            var taken = await OtherAssets.TakeUnnamedAsync(_tenant, named, At(1 + run), default);
            Assert.Equal([Hash(5), Hash(10), Hash(11)], taken.Select(asset => asset.Hash).OrderBy(hash => hash.Hex));
            Assert.Equal([Hash(1)], taken.Single(asset => asset.Hash == Hash(10)).Names);
            Assert.Equal(Entry(10).Key, taken.Single(asset => asset.Hash == Hash(10)).Key);
        }

        // What a stylesheet of another session names stays.
        Assert.Equal([Hash(1)], (await Assets.TakeUnnamedAsync(_tenant, [Hash(1), Hash(2)], At(1), default)).Select(asset => asset.Hash));
        Assert.Equal([Hash(2), Hash(3), Hash(12)], (await Assets.ListAsync(_tenant, null, 100, default)).Select(asset => asset.Hash));
        Assert.Single(await Assets.FindKeysAsync(two, [Hash(2)], default));
    }

    [SkippableFact]
    public async Task TakeUnnamed_WhileSessionsNameThem_NeverTakesANamedOne()
    {
        for (var round = 0; round < 5; round++)
        {
            var hashes = Enumerable.Range(1, 20).Select(i => (byte)((round * 20) + i)).ToArray();
            await AddAssetsAsync(hashes);
            var named = Task.WhenAll(hashes.Select(i => Task.Run(() => AddAsync(1, new() { Assets = [Hash(i)] }))));
            var taken = new HashSet<ContentHash>();
            do
            {
                taken.UnionWith(
                    (await OtherAssets.TakeUnnamedAsync(_tenant, [.. hashes.Skip(round).Select(Hash)], At(1), default))
                        .Select(asset => asset.Hash));
            }
            while (!named.IsCompleted);

            await named;
            var there = await Assets.TouchAsync(_tenant, [.. hashes.Select(Hash)], At(1), default);
            Assert.Empty(there.Intersect(taken));
            Assert.Equal(hashes.Length, there.Count + taken.Count);
            Assert.Equal(taken.Count, (await OtherAssets.TakeUnnamedAsync(_tenant, [.. hashes.Select(Hash)], At(1), default)).Count);
        }
    }

    [SkippableFact]
    public async Task Take_ByKeyWhateverNamesThem_GivesThemUpAndTheSameContentMayComeAgain()
    {
        await AddAssetsAsync(1, 2, 3);
        Assert.Equal(AssetReservation.Reserved, await ReserveAsync(4));
        var session = await AddAsync(1, new() { Assets = [Hash(1), Hash(2)] });
        Guid Key(byte i) => Entry(i).Key;
        Assert.Equal(
            [Key(1), Key(4)], (await Assets.FindKnownAsync(_tenant, [Key(1), Key(4), Key(9)], default)).Order());
        Assert.Empty(await Assets.FindKnownAsync(new TenantId("nobody"), [Key(1)], default));

        for (var round = 0; round < 2; round++)
        {
            var taken = await OtherAssets.TakeAsync(_tenant, [Key(1), Key(4), Key(9)], At(round), default);
            Assert.Equal([Hash(1), Hash(4)], taken.Select(asset => asset.Hash).OrderBy(hash => hash.Hex));
            Assert.All(taken, asset => Assert.Equal(Entry(asset.Hash.ToBytes()[0]), asset with { Names = Entry(1).Names }));
        }

        Assert.Equal([Hash(2), Hash(3)], (await Assets.ListAsync(_tenant, null, 10, default)).Select(asset => asset.Hash));
        Assert.Empty(await Assets.FindKeysAsync(session, [Hash(1)], default));
        Assert.Equal([Key(4)], await Assets.FindKnownAsync(_tenant, [Key(4)], default));
        Assert.False(await Assets.ConfirmAsync(Entry(4), null, default));
        Assert.Empty(await Assets.TakeAsync(_tenant, [], At(0), default));

        await Assets.ForgetAsync(_tenant, [Hash(1), Hash(4)], default);
        Assert.Empty(await Assets.FindKnownAsync(_tenant, [Key(1), Key(4)], default));
        var again = Entry(1) with { Key = Guid.CreateVersion7() };
        Assert.Equal(again.Key, (await Assets.ReserveAsync(again, 1_000_000, At(0), default)).Key);
        Assert.True(await Assets.ConfirmAsync(again, session.Session, default));
        Assert.Equal(again.Key, (await Assets.FindKeysAsync(session, [Hash(1)], default))[Hash(1)]);
    }

    private async Task<List<ContentHash>> TakeAsync(long usedBefore)
    {
        var taken = await Assets.TakeUnusedAsync(_tenant, At(usedBefore), At(-Day), At(usedBefore), 100, default);
        Assert.All(taken, asset => Assert.Equal(Entry(asset.Hash.ToBytes()[0]).Key, asset.Key));
        return [.. taken.Select(asset => asset.Hash)];
    }
}
