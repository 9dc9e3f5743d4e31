using Npgsql;
using SessionReplay.Keys;
using SessionReplay.Storage.PostgreSql.Database;
using static SessionReplay.Storage.PostgreSql.Database.Parameters;

namespace SessionReplay.Storage.PostgreSql.Keys;

/// <summary>
/// Keeps wrapped keys in a schema of their own. What a deleted key's row held is free with the next vacuum, which begins within a minute,
/// and gone once its room is used again.
/// </summary>
internal sealed class PostgreSqlKeyStore(PostgreSqlDatabase database, TimeProvider clock)
    : IKeyStore, IKeyRotationStore, IKeyLifecycle, IKeyTransfer, IAsyncDisposable
{
    private const string Columns = "tenant, purpose, id, kek, ciphertext, created_at, secret, facts_key";

    public static readonly string[] Migrations =
    [
        """
        CREATE TABLE $schema.keys (
            tenant text COLLATE "C" NOT NULL, purpose bigint NOT NULL, id uuid NOT NULL,
            kek text COLLATE "C", ciphertext bytea, created_at bigint, secret bytea, facts_key bytea, deleted_at bigint,
            PRIMARY KEY (tenant, purpose, id)) WITH (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);
        CREATE INDEX keys_by_deletion ON $schema.keys (deleted_at) WHERE deleted_at IS NOT NULL;
        CREATE INDEX keys_by_kek ON $schema.keys (kek) WHERE deleted_at IS NULL;
        """,
    ];

    private readonly string _table = $"{database.Schema}.keys";

    public async ValueTask<DataKeyEntry?> FindAsync(DataKeyId id, CancellationToken cancellationToken) =>
        (await database.QueryAsync(FindSql, row => Read(row, id), Name(id), cancellationToken).ConfigureAwait(false)).FirstOrDefault();

    public async ValueTask<IReadOnlyDictionary<DataKeyId, DataKeyEntry>> FindManyAsync(
        IReadOnlyCollection<DataKeyId> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ids.Count, 1_000);
        var rows = await database.QueryAsync(
            $"""
            SELECT {Columns} FROM {_table} JOIN unnest(@tenants, @purposes, @ids) AS wanted (tenant, purpose, id) USING (tenant, purpose, id)
            WHERE deleted_at IS NULL
            """,
            Read,
            [Of("tenants", [.. ids.Select(id => id.Tenant.Value)]), Of("purposes", [.. ids.Select(id => (long)id.Purpose)]),
            Of("ids", [.. ids.Select(id => id.Id)])],
            cancellationToken).ConfigureAwait(false);
        return rows.ToDictionary(row => row.Id);
    }

    public async ValueTask<DataKeyEntry> GetOrAddAsync(DataKeyEntry candidate, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(candidate);

        // A statement sees only what was committed before it began: whoever loses the race reads the winner's row with the second one.
        await database.ExecuteAsync(
            $"INSERT INTO {_table} ({Columns}) VALUES (@tenant, @purpose, @id, @kek, @ciphertext, @created, @secret, @facts_key) ON CONFLICT DO NOTHING",
            [.. Name(candidate.Id), Of("kek", candidate.Key.KeyEncryptionKeyId), Of("ciphertext", candidate.Key.Ciphertext),
             Of("created", candidate.CreatedAt.ToUnixTimeMilliseconds()), OfOptional("secret", candidate.SecretHash),
             OfOptional("facts_key", candidate.SealedFactsKey)],
            cancellationToken).ConfigureAwait(false);
        return (await FindAsync(candidate.Id, cancellationToken).ConfigureAwait(false))!;
    }

    public async ValueTask DeleteAsync(DataKeyId id, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(
            $"""
            INSERT INTO {_table} AS k (tenant, purpose, id, deleted_at) VALUES (@tenant, @purpose, @id, @now)
            ON CONFLICT (tenant, purpose, id) DO UPDATE SET kek = NULL, ciphertext = NULL, created_at = NULL, secret = NULL, facts_key = NULL,
                deleted_at = COALESCE(k.deleted_at, @now)
            """,
            [.. Name(id), Of("now", clock.GetUtcNow().ToUnixTimeMilliseconds())],
            cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<DataKeyEntry>> ListNotWrappedByAsync(
        string keyEncryptionKeyId, DataKeyId? after, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            $"""
            SELECT {Columns} FROM {_table}
            WHERE deleted_at IS NULL AND (kek < @kek OR kek > @kek) {(after is null ? "" : "AND (tenant, purpose, id) > (@tenant, @purpose, @id)")}
            ORDER BY tenant, purpose, id LIMIT @limit
            """,
            Read,
            [Of("kek", keyEncryptionKeyId), Of("limit", limit), .. after is { } last ? Name(last) : []], cancellationToken)
            .ConfigureAwait(false);

    public async ValueTask<bool> TryReplaceAsync(DataKeyEntry expected, WrappedKey replacement, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(replacement);
        return await database.ExecuteAsync(
            $"""
            UPDATE {_table} SET kek = @kek, ciphertext = @ciphertext
            WHERE tenant = @tenant AND purpose = @purpose AND id = @id AND ciphertext = @expected AND deleted_at IS NULL
            """,
            [.. Name(expected.Id), Of("kek", replacement.KeyEncryptionKeyId), Of("ciphertext", replacement.Ciphertext),
            Of("expected", expected.Key.Ciphertext)],
            cancellationToken).ConfigureAwait(false) == 1;
    }

    public async ValueTask<bool> TryRemoveAsync(DataKeyEntry expected, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(expected);
        return await database.ExecuteAsync(
            $"DELETE FROM {_table} WHERE tenant = @tenant AND purpose = @purpose AND id = @id AND ciphertext = @expected AND deleted_at IS NULL",
            [.. Name(expected.Id), Of("expected", expected.Key.Ciphertext)],
            cancellationToken).ConfigureAwait(false) == 1;
    }

    public async ValueTask<IReadOnlyList<DataKeyId>> ListDeletedAsync(DataKeyId? after, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            $"""
            SELECT tenant, purpose, id FROM {_table}
            WHERE deleted_at IS NOT NULL {(after is null ? "" : "AND (tenant, purpose, id) > (@tenant, @purpose, @id)")}
            ORDER BY tenant, purpose, id LIMIT @limit
            """,
            static row => new DataKeyId(new(row.GetString(0)), (DataKeyPurpose)row.GetInt64(1), row.GetGuid(2)),
            [Of("limit", limit), .. after is { } last ? Name(last) : []], cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<TenantId>> ListTenantsAsync(CancellationToken cancellationToken) => await database.QueryAsync(
        $"""
        WITH RECURSIVE t (tenant) AS (
            SELECT MIN(k.tenant) FROM {_table} k WHERE k.deleted_at IS NULL
            UNION ALL SELECT (SELECT MIN(k.tenant) FROM {_table} k WHERE k.deleted_at IS NULL AND k.tenant > t.tenant) FROM t WHERE t.tenant IS NOT NULL)
        SELECT t.tenant FROM t WHERE t.tenant IS NOT NULL
        """,
        static row => new TenantId(row.GetString(0)), [], cancellationToken).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<DataKeyId>> ListKeysAsync(
        TenantId tenant, DataKeyPurpose purpose, DateTimeOffset createdBefore, DataKeyId? after, int limit,
        CancellationToken cancellationToken) =>
        await database.QueryAsync(
            $"""
            SELECT id FROM {_table} WHERE tenant = @tenant AND purpose = @purpose {(after is null ? "" : "AND id > @after")}
                AND deleted_at IS NULL AND created_at < @before
            ORDER BY id LIMIT @limit
            """,
            row => new DataKeyId(tenant, purpose, row.GetGuid(0)),
            [
                Of("tenant", tenant.Value), Of("purpose", (long)purpose), Of("after", after?.Id),
                Of("before", createdBefore.ToUnixTimeMilliseconds()),
                Of("limit", limit),
            ],
            cancellationToken).ConfigureAwait(false);

    public async ValueTask<int> RemoveTombstonesAsync(DateTimeOffset deletedBefore, int limit, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(
            $"""
            DELETE FROM {_table} k USING (SELECT tenant, purpose, id FROM {_table} WHERE deleted_at < @before ORDER BY deleted_at LIMIT @limit) old
            WHERE k.tenant = old.tenant AND k.purpose = old.purpose AND k.id = old.id
            """,
            [Of("before", deletedBefore.ToUnixTimeMilliseconds()), Of("limit", limit)],
            cancellationToken).ConfigureAwait(false);

    public ValueTask DisposeAsync() => database.DisposeAsync();

    /// <summary>For the start: throws if a newer version has changed the schema.</summary>
    public ValueTask CheckVersionAsync(CancellationToken cancellationToken) => database.CheckVersionAsync(cancellationToken);

    /// <summary>For the health check.</summary>
    public async ValueTask CheckAsync(CancellationToken cancellationToken) =>
        await database.QueryAsync($"SELECT 1 FROM {_table} LIMIT 0", static _ => 0, [], cancellationToken).ConfigureAwait(false);

    private string FindSql => $"SELECT {Columns}, deleted_at FROM {_table} WHERE tenant = @tenant AND purpose = @purpose AND id = @id";

    private static NpgsqlParameter[] Name(DataKeyId id) =>
        [Of("tenant", id.Tenant.Value), Of("purpose", (long)id.Purpose), Of("id", id.Id)];

    private static DataKeyEntry Read(NpgsqlDataReader row, DataKeyId id) => row.IsDBNull(8) ? Read(row) : throw new KeyDeletedException(id);

    private static DataKeyEntry Read(NpgsqlDataReader row) => new(
        new(new(row.GetString(0)), (DataKeyPurpose)row.GetInt64(1), row.GetGuid(2)),
        new(row.GetString(3), row.Bytes(4)),
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)))
    {
        SecretHash = row.BytesOrNull(6), SealedFactsKey = row.BytesOrNull(7),
    };
}
