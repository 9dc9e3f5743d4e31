using SessionReplay.Keys;
using Xunit;

namespace SessionReplay.Storage.ConformanceTests;

/// <content>What sweeps ask of a key store.</content>
public abstract partial class KeyStoreConformance
{
    [SkippableFact]
    public async Task ListKeys_OfATenantAndPurpose_GivesThoseMadeBeforeInPages()
    {
        var entries = Enumerable.Range(0, 5)
            .Select(i => NewEntry() with { CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(1_000 * (i + 1)) })
            .OrderBy(entry => entry.Id.Id).ToList();
        var asset =
            NewEntry(DataKeyId.OfAsset(_tenant, Guid.CreateVersion7())) with { CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(1) };
        foreach (var entry in entries.Append(asset))
        {
            await Store.GetOrAddAsync(entry, default);
        }

        await Store.DeleteAsync(entries[1].Id, default);
        var expected = entries.Where(e => e != entries[1] && e.CreatedAt.ToUnixTimeMilliseconds() < 5_000).Select(e => e.Id).ToList();
        var before = DateTimeOffset.FromUnixTimeMilliseconds(5_000);
        var first = await Keys.ListKeysAsync(_tenant, DataKeyPurpose.Session, before, null, 2, default);
        var rest = await ((IKeyLifecycle)Other).ListKeysAsync(_tenant, DataKeyPurpose.Session, before, first[^1], 10, default);
        Assert.Equal(2, first.Count);
        Assert.Equal(expected, first.Concat(rest));
        Assert.Equal([asset.Id], await Keys.ListKeysAsync(_tenant, DataKeyPurpose.Asset, DateTimeOffset.MaxValue, null, 10, default));
        Assert.Empty(await Keys.ListKeysAsync(_tenant, DataKeyPurpose.Metadata, DateTimeOffset.MaxValue, null, 10, default));
    }

    [SkippableFact]
    public async Task ListTenants_GivesThoseWithKeysOnce()
    {
        var gone = NewEntry(NewId() with { Tenant = new($"{_tenant.Value}-b") });
        foreach (var entry in new[] { NewEntry(), NewEntry(), gone })
        {
            await Store.GetOrAddAsync(entry, default);
        }

        Assert.Contains(gone.Id.Tenant, await Keys.ListTenantsAsync(default));
        await Store.DeleteAsync(gone.Id, default);
        var tenants = await Keys.ListTenantsAsync(default);
        Assert.Single(tenants, _tenant);
        Assert.DoesNotContain(gone.Id.Tenant, tenants);
    }

    [SkippableFact]
    public async Task RemoveTombstones_OldOnes_LetTheNameBeUsedAgain()
    {
        var (deleted, kept) = (NewEntry(), NewEntry());
        await Store.GetOrAddAsync(deleted, default);
        await Store.GetOrAddAsync(kept, default);
        await Store.DeleteAsync(deleted.Id, default);
        var now = TimeProvider.System.GetUtcNow();

        await Keys.RemoveTombstonesAsync(now.AddHours(-1), 1_000, default);
        await Assert.ThrowsAsync<KeyDeletedException>(async () => await Store.FindAsync(deleted.Id, default));

        while (await Keys.RemoveTombstonesAsync(now.AddHours(1), 1, default) == 1)
        {
        }

        Assert.Null(await Other.FindAsync(deleted.Id, default));
        AssertSame(kept, (await Store.FindAsync(kept.Id, default))!);
        AssertSame(deleted, await Store.GetOrAddAsync(deleted, default));
    }

    [SkippableFact]
    public async Task ListDeleted_SomeDeleted_NamesThemInOrderAndPaged()
    {
        var entries = Enumerable.Range(0, 4).Select(_ => NewEntry()).OrderBy(entry => entry.Id.Id).ToList();
        foreach (var entry in entries)
        {
            await Store.GetOrAddAsync(entry, default);
        }

        var never = NewId() with { Id = Guid.AllBitsSet };
        foreach (var id in new[] { never, entries[3].Id, entries[1].Id })
        {
            await Store.DeleteAsync(id, default);
        }

        var before = NewId() with { Purpose = default, Id = Guid.Empty };
        var transfer = (IKeyTransfer)Store;
        Assert.Equal([entries[1].Id, entries[3].Id, never], (await transfer.ListDeletedAsync(before, 3, default)));
        Assert.Equal([entries[3].Id], (await transfer.ListDeletedAsync(entries[1].Id, 1, default)));
    }

    private IKeyLifecycle Keys => (IKeyLifecycle)Store;
}
