using System.Security.Cryptography;
using SessionReplay.Keys;
using Xunit;

namespace SessionReplay.Storage.ConformanceTests;

/// <summary>What every <see cref="IKeyStore"/> and <see cref="IKeyRotationStore"/> must do. The store may be shared by all tests.</summary>
public abstract partial class KeyStoreConformance : IAsyncLifetime
{
    private readonly TenantId _tenant = new($"t{Guid.CreateVersion7():N}"[..20]);

    protected IKeyStore Store { get; private set; } = null!;

    /// <summary>A second client of the same store, as another process has it.</summary>
    protected IKeyStore Other { get; private set; } = null!;

    public async Task InitializeAsync() => (Store, Other) = await CreateStoresAsync();

    public virtual Task DisposeAsync() => Task.CompletedTask;

    [SkippableFact]
    public async Task Find_NeverAdded_GivesNull() => Assert.Null(await Store.FindAsync(NewId(), default));

    [SkippableFact]
    public async Task GetOrAdd_New_IsFoundByBothClientsUnchanged()
    {
        var entry = NewEntry();

        var added = await Store.GetOrAddAsync(entry, default);

        AssertSame(entry, added);
        AssertSame(entry, (await Store.FindAsync(entry.Id, default))!);
        AssertSame(entry, (await Other.FindAsync(entry.Id, default))!);
    }

    [SkippableFact]
    public async Task GetOrAdd_OfOtherPurposeOrTenant_IsAnotherKey()
    {
        var id = NewId();
        var entries = new[]
        {
            NewEntry(id), NewEntry(id with { Purpose = DataKeyPurpose.Asset }), NewEntry(id with { Tenant = new("other") }),
            NewEntry(id with { Id = Guid.Empty }),
        };
        foreach (var entry in entries)
        {
            await Store.GetOrAddAsync(entry, default);
        }

        foreach (var entry in entries)
        {
            AssertSame(entry, (await Store.FindAsync(entry.Id, default))!);
        }
    }

    [SkippableFact]
    public async Task GetOrAdd_RaceOfTwoClients_AllGetOneEntry()
    {
        for (var round = 0; round < 5; round++)
        {
            var id = NewId();
            var got = await Task.WhenAll(Enumerable.Range(0, 64).Select(async i =>
                await (i % 2 == 0 ? Store : Other).GetOrAddAsync(NewEntry(id), default)));

            Assert.All(got, entry => AssertSame(got[0], entry));
            AssertSame(got[0], (await Store.FindAsync(id, default))!);
        }
    }

    [SkippableFact]
    public async Task GetOrAdd_TwoSecrets_TheFirstIsKept()
    {
        var entry = NewEntry();
        await Store.GetOrAddAsync(entry, default);

        var second = await Other.GetOrAddAsync(NewEntry(entry.Id), default);

        AssertSame(entry, second);
        Assert.Equal(SessionSecret.HashSize, second.SecretHash.Length);
        Assert.True(await Rotation.TryReplaceAsync(entry, new("kek-2", new byte[61]), default));
        var rewrapped = (await Store.FindAsync(entry.Id, default))!;
        AssertSame(entry with { Key = rewrapped.Key }, rewrapped);
    }

    [SkippableFact]
    public async Task FindMany_SomeDeletedAndUnknown_GivesThoseThatAreThere()
    {
        var entries = Enumerable.Range(0, 6).Select(_ => NewEntry()).ToList();
        var tenantKey = NewEntry(new(_tenant, DataKeyPurpose.Metadata, Guid.Empty)) with { SecretHash = default, SealedFactsKey = default };
        foreach (var entry in entries.Append(tenantKey))
        {
            await Store.GetOrAddAsync(entry, default);
        }

        await Other.DeleteAsync(entries[0].Id, default);
        // The same session id with another tenant is another key.
        var found = await Store.FindManyAsync(
            [.. entries.Select(e => e.Id), tenantKey.Id, NewId(), entries[1].Id with { Tenant = new("other") },
            entries[2].Id with { Purpose = DataKeyPurpose.Asset }], default);

        Assert.Equal(entries.Skip(1).Append(tenantKey).Select(e => e.Id).ToHashSet(), found.Keys.ToHashSet());
        Assert.All(entries.Skip(1).Append(tenantKey), entry => AssertSame(entry, found[entry.Id]));
        Assert.Empty(await Store.FindManyAsync([], default));
    }

    [SkippableFact]
    public async Task FindMany_AsManyAsAreAllowed_IsOneAnswer()
    {
        var entry = NewEntry();
        await Store.GetOrAddAsync(entry, default);

        var found = await Store.FindManyAsync([.. Enumerable.Range(0, 999).Select(_ => NewId()), entry.Id], default);

        Assert.Equal(entry.Id, Assert.Single(found).Key);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await Store.FindManyAsync([.. Enumerable.Range(0, 1_001).Select(_ => NewId())], default));
    }

    [SkippableFact]
    public async Task Delete_Key_LeavesATombstoneForEveryClient()
    {
        var entry = NewEntry();
        await Store.GetOrAddAsync(entry, default);

        await Store.DeleteAsync(entry.Id, default);
        await Store.DeleteAsync(entry.Id, default);

        var error = await Assert.ThrowsAsync<KeyDeletedException>(async () => await Other.FindAsync(entry.Id, default));
        Assert.Equal(entry.Id, error.Id);
        await Assert.ThrowsAsync<KeyDeletedException>(async () => await Other.GetOrAddAsync(entry, default));
        Assert.False(await Rotation.TryReplaceAsync(entry, new("kek-2", new byte[61]), default));
    }

    [SkippableFact]
    public async Task Delete_NeverAdded_KeepsItFromBeingAdded()
    {
        var entry = NewEntry();

        await Store.DeleteAsync(entry.Id, default);

        await Assert.ThrowsAsync<KeyDeletedException>(async () => await Store.GetOrAddAsync(entry, default));
    }

    [SkippableFact]
    public async Task Rotation_ListAndReplace_RewrapsEachKeyOnce()
    {
        var old = $"kek-{Guid.CreateVersion7():N}";
        var current = $"kek-{Guid.CreateVersion7():N}";
        var entries = Enumerable.Range(0, 7).Select(_ => NewEntry(kek: old)).ToList();
        foreach (var entry in entries)
        {
            await Store.GetOrAddAsync(entry, default);
        }

        var mine = (await Rotation.ListNotWrappedByAsync(current, null, 10_000, default)).Where(e => e.Key.KeyEncryptionKeyId == old)
            .ToList();
        Assert.Equal(7, mine.Count);
        // Page by page it is the same, and what stays as it is stands in no page's way.
        var paged = new List<DataKeyEntry>();
        IReadOnlyList<DataKeyEntry> page;
        while ((page = await Rotation.ListNotWrappedByAsync(current, paged.LastOrDefault()?.Id, 3, default)).Count > 0)
        {
            Assert.InRange(page.Count, 1, 3);
            paged.AddRange(page);
        }

        Assert.Equal(mine.Select(e => e.Id), paged.Where(e => e.Key.KeyEncryptionKeyId == old).Select(e => e.Id));
        foreach (var entry in mine)
        {
            Assert.True(await Rotation.TryReplaceAsync(entry, new(current, RandomNumberGenerator.GetBytes(61)), default));
            Assert.False(await Rotation.TryReplaceAsync(entry, new(current, RandomNumberGenerator.GetBytes(61)), default));
        }

        Assert.DoesNotContain(await Rotation.ListNotWrappedByAsync(current, null, 10_000, default), e => e.Key.KeyEncryptionKeyId == old);
        Assert.All(entries, e => Assert.Equal(current, Store.FindAsync(e.Id, default).AsTask().Result!.Key.KeyEncryptionKeyId));
        Assert.Equal(entries[0].CreatedAt, (await Store.FindAsync(entries[0].Id, default))!.CreatedAt);
    }

    [SkippableFact]
    public async Task TryRemove_ExpectedEntry_CanBeMadeAgain()
    {
        var entry = NewEntry();
        await Store.GetOrAddAsync(entry, default);

        Assert.False(await Rotation.TryRemoveAsync(entry with { Key = new("kek-1", RandomNumberGenerator.GetBytes(61)) }, default));
        Assert.NotNull(await Other.FindAsync(entry.Id, default));
        Assert.True(await Rotation.TryRemoveAsync(entry, default));
        Assert.False(await Rotation.TryRemoveAsync(entry, default));

        Assert.Null(await Other.FindAsync(entry.Id, default));
        var again = NewEntry(entry.Id, "kek-2");
        Assert.Equal("kek-2", (await Other.GetOrAddAsync(again, default)).Key.KeyEncryptionKeyId);
        await Store.DeleteAsync(entry.Id, default);
        Assert.False(await Rotation.TryRemoveAsync(again, default));
    }

    /// <summary>Gives two clients of one store; the adapter skips here when its peer is missing.</summary>
    protected abstract Task<(IKeyStore Store, IKeyStore Other)> CreateStoresAsync();

    protected DataKeyEntry NewEntry(DataKeyId? id = null, string kek = "kek-1") => new(
        id ?? NewId(), new(kek, RandomNumberGenerator.GetBytes(61)),
        DateTimeOffset.FromUnixTimeMilliseconds(1_790_000_000_000 + Random.Shared.Next()))
    {
        SecretHash = RandomNumberGenerator.GetBytes(SessionSecret.HashSize),
        SealedFactsKey = RandomNumberGenerator.GetBytes(61),
    };

    private IKeyRotationStore Rotation => (IKeyRotationStore)Store;

    private static void AssertSame(DataKeyEntry expected, DataKeyEntry actual)
    {
        Assert.Equal(expected.Id, actual.Id);
        Assert.Equal(expected.CreatedAt, actual.CreatedAt);
        Assert.Equal(expected.Key.KeyEncryptionKeyId, actual.Key.KeyEncryptionKeyId);
        Assert.Equal(expected.SecretHash.ToArray(), actual.SecretHash.ToArray());
        Assert.Equal(expected.SealedFactsKey.ToArray(), actual.SealedFactsKey.ToArray());
        Assert.Equal(expected.Key.Ciphertext.ToArray(), actual.Key.Ciphertext.ToArray());
    }

    private DataKeyId NewId() => new(_tenant, DataKeyPurpose.Session, Guid.CreateVersion7());
}
