using System.Collections.Concurrent;
using SessionReplay.Keys;

namespace SessionReplay.Testing;

/// <summary>A key store for tests of what lies above it; the real stores are tested by their conformance suite.</summary>
public sealed class MemoryKeyStore : IKeyStore, IKeyRotationStore, IKeyLifecycle
{
    private readonly ConcurrentDictionary<DataKeyId, DataKeyEntry?> _rows = new();

    public int Calls { get; private set; }

    public ValueTask<DataKeyEntry?> FindAsync(DataKeyId id, CancellationToken cancellationToken)
    {
        Calls++;
        return _rows.TryGetValue(id, out var row) ? ValueTask.FromResult<DataKeyEntry?>(row ?? throw new KeyDeletedException(id)) : default;
    }

    public ValueTask<IReadOnlyDictionary<DataKeyId, DataKeyEntry>> FindManyAsync(
        IReadOnlyCollection<DataKeyId> ids, CancellationToken cancellationToken)
    {
        Calls++;
        return ValueTask.FromResult<IReadOnlyDictionary<DataKeyId, DataKeyEntry>>(
            ids.Select(id => _rows.GetValueOrDefault(id)).OfType<DataKeyEntry>().ToDictionary(row => row.Id));
    }

    public async ValueTask<DataKeyEntry> GetOrAddAsync(DataKeyEntry candidate, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return _rows.GetOrAdd(candidate.Id, candidate) ?? throw new KeyDeletedException(candidate.Id);
    }

    public ValueTask DeleteAsync(DataKeyId id, CancellationToken cancellationToken)
    {
        _rows[id] = null;
        return default;
    }

    public ValueTask<IReadOnlyList<TenantId>> ListTenantsAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<TenantId>>([.. _rows.Values.OfType<DataKeyEntry>().Select(row => row.Id.Tenant).Distinct()]);

    public ValueTask<IReadOnlyList<DataKeyId>> ListKeysAsync(
        TenantId tenant, DataKeyPurpose purpose, DateTimeOffset createdBefore, DataKeyId? after, int limit,
        CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<DataKeyId>>(
        [
            .. _rows.Values.OfType<DataKeyEntry>()
                .Where(row => row.Id.Tenant == tenant && row.Id.Purpose == purpose && row.CreatedAt < createdBefore
                && (after is null || row.Id.Id > after.Value.Id))
                .Select(row => row.Id).OrderBy(id => id.Id).Take(limit),
        ]);

    /// <summary>Tombstones are kept: they have no time here.</summary>
    public ValueTask<int> RemoveTombstonesAsync(DateTimeOffset deletedBefore, int limit, CancellationToken cancellationToken) => default;

    public ValueTask<IReadOnlyList<DataKeyEntry>> ListNotWrappedByAsync(
        string keyEncryptionKeyId, DataKeyId? after, int limit, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<DataKeyEntry>>(
        [
            .. _rows.Values.OfType<DataKeyEntry>()
                .Where(r => r.Key.KeyEncryptionKeyId != keyEncryptionKeyId
                && (after is null || string.CompareOrdinal(r.Id.ToString(), after.ToString()) > 0))
                .OrderBy(r => r.Id.ToString(), StringComparer.Ordinal).Take(limit),
        ]);

    public ValueTask<bool> TryReplaceAsync(DataKeyEntry expected, WrappedKey replacement, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_rows.TryUpdate(expected.Id, expected with { Key = replacement }, expected));

    public ValueTask<bool> TryRemoveAsync(DataKeyEntry expected, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_rows.TryRemove(new KeyValuePair<DataKeyId, DataKeyEntry?>(expected.Id, expected)));
}
