using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using SessionReplay.Keys;
using SessionReplay.Sqlite;
using SessionReplay.Storage.Sqlite;

namespace SessionReplay.Storage.Keys;

/// <summary>Keeps wrapped keys in a SQLite file of their own. A deleted key is overwritten in the file and cut from its log.</summary>
internal sealed class SqliteKeyStore(IOptions<SqliteKeyStoreOptions> options, TimeProvider clock)
    : IKeyStore, IKeyRotationStore, IKeyLifecycle, IKeyTransfer, IAsyncDisposable
{
    private const string Columns = "tenant, purpose, id, kek, ciphertext, created_at, secret, facts_key";

    private const string IsNamed = "tenant = $tenant AND purpose = $purpose AND id = $id";

    private static readonly string[] Schema =
    [
        """
        CREATE TABLE keys (
            tenant TEXT NOT NULL, purpose INTEGER NOT NULL, id BLOB NOT NULL,
            kek TEXT, ciphertext BLOB, created_at INTEGER, secret BLOB, facts_key BLOB, deleted_at INTEGER,
            PRIMARY KEY (tenant, purpose, id)) WITHOUT ROWID;
        CREATE INDEX keys_by_kek ON keys (kek) WHERE deleted_at IS NULL;
        CREATE INDEX keys_by_deletion ON keys (deleted_at) WHERE deleted_at IS NOT NULL;
        """,
    ];

    private readonly SqliteDatabase _database = new(
        new(options.Value.Path, Schema),
        static (reason, e) => new KeyStoreUnavailableException($"The key store is unavailable: {reason}", e));

    public ValueTask<DataKeyEntry?> FindAsync(DataKeyId id, CancellationToken cancellationToken) =>
        _database.ReadAsync(sql => Find(sql, id), cancellationToken);

    public ValueTask<IReadOnlyDictionary<DataKeyId, DataKeyEntry>> FindManyAsync(
        IReadOnlyCollection<DataKeyId> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Count, 1_000);
        return _database.ReadAsync<IReadOnlyDictionary<DataKeyId, DataKeyEntry>>(
            sql =>
            {
                // One look-up by the primary key each, in one transaction: an embedded database has no way to save.
                var found = new Dictionary<DataKeyId, DataKeyEntry>(ids.Count);
                foreach (var id in ids)
                {
                    foreach (var entry in sql.Query($"SELECT {Columns} FROM keys WHERE {IsNamed} AND deleted_at IS NULL", Read, Name(id)))
                    {
                        found[id] = entry;
                    }
                }

                return found;
            },
            cancellationToken);
    }

    public ValueTask<DataKeyEntry> GetOrAddAsync(DataKeyEntry candidate, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        return _database.WriteAsync(
            sql =>
            {
                sql.Execute(
                    $"INSERT INTO keys ({Columns}) VALUES ($tenant, $purpose, $id, $kek, $ciphertext, $created, $secret, $facts_key) ON CONFLICT DO NOTHING",
                    [.. Name(candidate.Id), ("$kek", candidate.Key.KeyEncryptionKeyId), ("$ciphertext", candidate.Key.Ciphertext.ToArray()),
                     ("$created", candidate.CreatedAt.ToUnixTimeMilliseconds()), ("$secret", candidate.SecretHash.ToArrayOrNull()),
                     ("$facts_key", candidate.SealedFactsKey.ToArrayOrNull())]);
                return Find(sql, candidate.Id)!;
            },
            cancellationToken);
    }

    public async ValueTask DeleteAsync(DataKeyId id, CancellationToken cancellationToken)
    {
        await _database.WriteAsync(
            sql => sql.Execute(
                """
                INSERT INTO keys (tenant, purpose, id, deleted_at) VALUES ($tenant, $purpose, $id, $now)
                ON CONFLICT DO UPDATE SET kek = NULL, ciphertext = NULL, created_at = NULL, secret = NULL, facts_key = NULL,
                    deleted_at = COALESCE(deleted_at, $now)
                """,
                [.. Name(id), ("$now", clock.GetUtcNow().ToUnixTimeMilliseconds())]),
            cancellationToken).ConfigureAwait(false);
        await _database.CheckpointAsync(cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<IReadOnlyList<DataKeyEntry>> ListNotWrappedByAsync(
        string keyEncryptionKeyId, DataKeyId? after, int limit, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<DataKeyEntry>>(
            sql => sql.Query(
                $"""
                SELECT {Columns} FROM keys
                WHERE deleted_at IS NULL AND kek <> $kek {(after is null ? "" : "AND (tenant, purpose, id) > ($tenant, $purpose, $id)")}
                ORDER BY tenant, purpose, id LIMIT $limit
                """,
                Read,
                [("$kek", keyEncryptionKeyId), ("$limit", limit), .. after is { } last ? Name(last) : []]),
            cancellationToken);

    public ValueTask<bool> TryReplaceAsync(DataKeyEntry expected, WrappedKey replacement, CancellationToken cancellationToken) =>
        _database.WriteAsync(
            sql => sql.Execute(
                """
                UPDATE keys SET kek = $kek, ciphertext = $ciphertext
                WHERE tenant = $tenant AND purpose = $purpose AND id = $id AND ciphertext = $expected AND deleted_at IS NULL
                """,
                [.. Name(expected.Id), ("$kek", replacement.KeyEncryptionKeyId), ("$ciphertext", replacement.Ciphertext.ToArray()),
                 ("$expected", expected.Key.Ciphertext.ToArray())]) == 1,
            cancellationToken);

    public ValueTask<bool> TryRemoveAsync(DataKeyEntry expected, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(expected);
        return _database.WriteAsync(
            sql => sql.Execute(
                "DELETE FROM keys WHERE tenant = $tenant AND purpose = $purpose AND id = $id AND ciphertext = $expected AND deleted_at IS NULL",
                [.. Name(expected.Id), ("$expected", expected.Key.Ciphertext.ToArray())]) == 1,
            cancellationToken);
    }

    public ValueTask<IReadOnlyList<DataKeyId>> ListDeletedAsync(DataKeyId? after, int limit, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<DataKeyId>>(
            sql => sql.Query(
                $"""
                SELECT tenant, purpose, id FROM keys
                WHERE deleted_at IS NOT NULL {(after is null ? "" : "AND (tenant, purpose, id) > ($tenant, $purpose, $id)")}
                ORDER BY tenant, purpose, id LIMIT $limit
                """,
                static row => new DataKeyId(new(row.GetString(0)), (DataKeyPurpose)row.GetInt64(1), row.Guid(2)),
                [("$limit", limit), .. after is { } last ? Name(last) : []]),
            cancellationToken);

    public ValueTask<IReadOnlyList<TenantId>> ListTenantsAsync(CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<TenantId>>(
        static sql => sql.Query(
            "SELECT DISTINCT tenant FROM keys WHERE deleted_at IS NULL", static row => new TenantId(row.GetString(0))),
        cancellationToken);

    public ValueTask<IReadOnlyList<DataKeyId>> ListKeysAsync(
        TenantId tenant, DataKeyPurpose purpose, DateTimeOffset createdBefore, DataKeyId? after, int limit,
        CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<DataKeyId>>(
            sql => sql.Query(
                """
                SELECT id FROM keys
                WHERE tenant = $tenant AND purpose = $purpose AND id > $after AND deleted_at IS NULL AND created_at < $before ORDER BY id LIMIT $limit
                """,
                row => new DataKeyId(tenant, purpose, row.Guid(0)),
                ("$tenant", tenant.Value), ("$purpose", (long)purpose), ("$after", after?.Id.ToBytes() ?? []),
                ("$before", createdBefore.ToUnixTimeMilliseconds()), ("$limit", limit)),
            cancellationToken);

    public ValueTask<int> RemoveTombstonesAsync(DateTimeOffset deletedBefore, int limit, CancellationToken cancellationToken) =>
        _database.WriteAsync(
        sql => sql.Execute(
            """
            DELETE FROM keys WHERE (tenant, purpose, id) IN (
                SELECT tenant, purpose, id FROM keys WHERE deleted_at < $before ORDER BY deleted_at LIMIT $limit)
            """,
            ("$before", deletedBefore.ToUnixTimeMilliseconds()), ("$limit", limit)),
        cancellationToken);

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    /// <summary>For the start: throws if a newer version has written the file.</summary>
    public ValueTask CheckVersionAsync(CancellationToken cancellationToken) => _database.CheckVersionAsync(cancellationToken);

    /// <summary>For the health check.</summary>
    public async ValueTask CheckAsync(CancellationToken cancellationToken) =>
        await _database.ReadAsync(static sql => sql.Scalar<long>("SELECT 1"), cancellationToken).ConfigureAwait(false);

    private static (string Name, object? Value)[] Name(DataKeyId id) =>
        [("$tenant", id.Tenant.Value), ("$purpose", (long)id.Purpose), ("$id", id.Id.ToBytes())];

    private static DataKeyEntry? Find(SqliteStatements sql, DataKeyId id)
    {
        var rows = sql.Query(
            $"SELECT {Columns}, deleted_at FROM keys WHERE {IsNamed}",
            row => row.IsDBNull(8) ? Read(row) : throw new KeyDeletedException(id),
            Name(id));
        return rows.Count == 0 ? null : rows[0];
    }

    private static DataKeyEntry Read(SqliteDataReader row) => new(
        new(new(row.GetString(0)), (DataKeyPurpose)row.GetInt64(1), row.Guid(2)),
        new(row.GetString(3), row.Bytes(4)),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)))
    {
        SecretHash = row.BytesOrNull(6), SealedFactsKey = row.BytesOrNull(7),
    };
}
