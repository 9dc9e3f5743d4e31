using SessionReplay.Catalog;
using SessionReplay.Storage.Sqlite;

namespace SessionReplay.Storage.Catalog;

/// <content>Which assets there are, and what names them.</content>
internal sealed partial class SqliteCatalog
{
    public ValueTask<IReadOnlyList<FoundAsset>> FindAsync(
        SessionRef session, IReadOnlyCollection<ContentHash> hashes, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<FoundAsset>>(
            sql => sql.Query(
                $"""
                SELECT a.hash, a.senders, EXISTS (
                    SELECT 1 FROM sessions s JOIN session_assets n ON n.session_id = s.id AND n.hash = a.hash WHERE s.tenant = $tenant AND s.session = $session)
                FROM assets a WHERE a.tenant = $tenant AND a.present AND a.hash IN {AssetRows.Each}
                """,
                static row => new FoundAsset(ContentHash.FromBytes(row.Bytes(0)), row.GetBoolean(2), row.GetInt64(1)),
                [.. AssetRows.Of(session.Tenant, hashes), ("$session", session.Session.Value.ToBytes())]),
            cancellationToken);

    public async ValueTask<IReadOnlyList<ContentHash>> TouchAsync(
        TenantId tenant, IReadOnlyCollection<ContentHash> hashes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var time = now.ToUnixTimeMilliseconds();
        var found = await _database.ReadAsync(
            sql => sql.Query(
                $"SELECT hash, {AssetRows.IsDue} FROM assets WHERE tenant = $tenant AND present AND hash IN {AssetRows.Each}",
                static row => (Hash: ContentHash.FromBytes(row.Bytes(0)), IsDue: row.GetBoolean(1)),
                AssetRows.Of(tenant, hashes, time)),
            cancellationToken).ConfigureAwait(false);
        var due = found.Where(static asset => asset.IsDue).Select(static asset => asset.Hash).ToList();
        if (due.Count > 0)
        {
            await _database.WriteAsync(
                sql =>
                {
                    AssetRows.Use(sql, tenant, due, time);
                    return 0;
                },
                cancellationToken).ConfigureAwait(false);
        }

        return [.. found.Select(static asset => asset.Hash)];
    }

    public ValueTask<AssetRoom> ReserveAsync(AssetEntry asset, long maxBytes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asset);
        return _database.WriteAsync(sql => AssetRows.Reserve(sql, asset, maxBytes, now.ToUnixTimeMilliseconds()), cancellationToken);
    }

    public ValueTask<bool> ConfirmAsync(AssetEntry asset, SessionId? session, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asset);
        return _database.WriteAsync(sql => AssetRows.Confirm(sql, asset, session), cancellationToken);
    }

    public ValueTask<IReadOnlyList<AssetEntry>> TakeUnnamedAsync(
        TenantId tenant, IReadOnlyCollection<ContentHash> hashes, DateTimeOffset now, CancellationToken cancellationToken) =>
        _database.WriteAsync<IReadOnlyList<AssetEntry>>(
            sql => [.. hashes.Select(hash => AssetRows.TakeUnnamed(sql, tenant, hash, now.ToUnixTimeMilliseconds())).OfType<AssetEntry>()],
            cancellationToken);

    public ValueTask<IReadOnlyList<AssetEntry>> TakeUnusedAsync(
        TenantId tenant, DateTimeOffset usedBefore, DateTimeOffset takenBefore, DateTimeOffset now, int limit,
        CancellationToken cancellationToken) =>
        _database.WriteAsync<IReadOnlyList<AssetEntry>>(
            sql => sql.Query(
                """
                UPDATE assets SET present = 0, taken_at = $now WHERE tenant = $tenant AND hash IN (
                    SELECT a.hash FROM assets a WHERE a.tenant = $tenant AND (a.taken_at < $taken OR (a.taken_at IS NULL AND a.used_at < $used
                        AND NOT EXISTS (SELECT 1 FROM session_assets s WHERE s.tenant = a.tenant AND s.hash = a.hash)
                        AND NOT EXISTS (SELECT 1 FROM asset_names n WHERE n.tenant = a.tenant AND n.named = a.hash)))
                    ORDER BY a.used_at LIMIT $limit)
                RETURNING hash, key, bytes, senders
                """,
                row => AssetRows.Read(tenant, row),
                ("$tenant", tenant.Value), ("$used", usedBefore.ToUnixTimeMilliseconds()), ("$taken", takenBefore.ToUnixTimeMilliseconds()),
                ("$now", now.ToUnixTimeMilliseconds()), ("$limit", limit)),
            cancellationToken);

    public ValueTask<IReadOnlyList<AssetEntry>> TakeAsync(
        TenantId tenant, IReadOnlyCollection<Guid> keys, DateTimeOffset now, CancellationToken cancellationToken) =>
        _database.WriteAsync<IReadOnlyList<AssetEntry>>(
            sql => sql.Query(
                $"""
                UPDATE assets SET present = 0, taken_at = COALESCE(taken_at, $now) WHERE tenant = $tenant AND key IN {AssetRows.EachKey}
                RETURNING hash, key, bytes, senders
                """,
                row => AssetRows.Read(tenant, row),
                [.. AssetRows.Of(tenant, keys), ("$now", now.ToUnixTimeMilliseconds())]),
            cancellationToken);

    public ValueTask<IReadOnlyList<Guid>> FindKnownAsync(
        TenantId tenant, IReadOnlyCollection<Guid> keys, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<Guid>>(
            sql => sql.Query(
                $"SELECT key FROM assets WHERE tenant = $tenant AND key IN {AssetRows.EachKey}", static row => row.Guid(0),
                AssetRows.Of(tenant, keys)),
            cancellationToken);

    public async ValueTask ForgetAsync(
        TenantId tenant, IReadOnlyCollection<ContentHash> hashes, CancellationToken cancellationToken) => await _database.WriteAsync(
        sql =>
        {
            foreach (var hash in hashes)
            {
                AssetRows.Forget(sql, tenant, hash);
            }

            return 0;
        },
        cancellationToken).ConfigureAwait(false);

    public ValueTask<IReadOnlyList<AssetEntry>> ListAsync(
        TenantId tenant, ContentHash? after, int limit, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<AssetEntry>>(
            sql =>
            [
                .. sql.Query(
                    "SELECT hash, key, bytes, senders FROM assets WHERE tenant = $tenant AND present AND hash > $after ORDER BY hash LIMIT $limit",
                    row => AssetRows.Read(tenant, row),
                    ("$tenant", tenant.Value), ("$after", after?.ToBytes() ?? []), ("$limit", limit))
                    .Select(asset => asset with { Names = AssetRows.Names(sql, tenant, asset.Hash) }),
            ],
            cancellationToken);

    public ValueTask<IReadOnlyList<ContentHash>> ListNamedAsync(SessionRef session, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<ContentHash>>(
            sql => sql.Query(
                """
                SELECT a.hash FROM session_assets a JOIN sessions s ON s.id = a.session_id
                WHERE s.tenant = $tenant AND s.session = $session ORDER BY a.hash
                """,
                static row => ContentHash.FromBytes(row.Bytes(0)),
                Name(session)),
            cancellationToken);

    public ValueTask<IReadOnlyDictionary<ContentHash, Guid>> FindKeysAsync(
        SessionRef session, IReadOnlyCollection<ContentHash> hashes, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyDictionary<ContentHash, Guid>>(
            sql => sql.Query(
                $"""
                SELECT a.hash, a.key FROM sessions s JOIN assets a ON a.tenant = s.tenant AND a.hash IN {AssetRows.Each} AND a.present
                WHERE s.tenant = $tenant AND s.session = $session AND s.deleting_at IS NULL AND (
                    EXISTS (SELECT 1 FROM session_assets d WHERE d.session_id = s.id AND d.hash = a.hash)
                    OR EXISTS (
                        SELECT 1 FROM session_assets d JOIN asset_names n ON n.tenant = d.tenant AND n.hash = d.hash AND n.named = a.hash
                        WHERE d.session_id = s.id))
                """,
                static row => KeyValuePair.Create(ContentHash.FromBytes(row.Bytes(0)), row.Guid(1)),
                [.. AssetRows.Of(session.Tenant, hashes), ("$session", session.Session.Value.ToBytes())]).ToDictionary(),
            cancellationToken);

    private static (string Name, object? Value)[] Name(TenantId tenant, ContentHash hash) =>
        [("$tenant", tenant.Value), ("$hash", hash.ToBytes())];
}
