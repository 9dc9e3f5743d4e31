using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Storage.Sqlite;

namespace SessionReplay.Storage.Catalog;

/// <content>Which assets there are, and what names them.</content>
internal sealed partial class SqliteCatalog
{
    public ValueTask<IReadOnlyList<ContentHash>> TouchAsync(
        TenantId tenant, IReadOnlyCollection<ContentHash> hashes, DateTimeOffset now, CancellationToken cancellationToken) =>
        _database.WriteAsync<IReadOnlyList<ContentHash>>(
            connection =>
            [
                .. hashes.Distinct().Where(hash =>
                {
                    AssetRows.Use(connection, tenant, hash, now.ToUnixTimeMilliseconds());
                    return connection.Scalar<long>("SELECT present FROM assets WHERE tenant = $tenant AND hash = $hash", Name(tenant, hash)) == 1;
                }),
            ],
            cancellationToken);

    public ValueTask<AssetReservation> ReserveAsync(AssetEntry asset, long maxBytes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asset);
        return _database.WriteAsync(connection => AssetRows.Reserve(connection, asset, maxBytes, now.ToUnixTimeMilliseconds()), cancellationToken);
    }

    public async ValueTask ConfirmAsync(TenantId tenant, ContentHash hash, CancellationToken cancellationToken) => await _database.WriteAsync(
        connection => connection.Execute(
            "UPDATE assets SET present = 1 WHERE tenant = $tenant AND hash = $hash AND taken_at IS NULL", Name(tenant, hash)),
        cancellationToken).ConfigureAwait(false);

    public ValueTask<IReadOnlyList<ContentHash>> TakeUnusedAsync(
        TenantId tenant, DateTimeOffset usedBefore, DateTimeOffset takenBefore, DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        _database.WriteAsync<IReadOnlyList<ContentHash>>(
            connection => connection.Query(
                """
                UPDATE assets SET present = 0, taken_at = $now WHERE tenant = $tenant AND hash IN (
                    SELECT a.hash FROM assets a WHERE a.tenant = $tenant AND a.used_at < $used AND (a.taken_at < $taken OR (a.taken_at IS NULL
                        AND NOT EXISTS (SELECT 1 FROM session_assets s WHERE s.tenant = a.tenant AND s.hash = a.hash)
                        AND NOT EXISTS (SELECT 1 FROM asset_names n WHERE n.tenant = a.tenant AND n.named = a.hash)))
                    ORDER BY a.used_at LIMIT $limit)
                RETURNING hash
                """,
                static row => ContentHash.FromBytes(row.Bytes(0)),
                ("$tenant", tenant.Value), ("$used", usedBefore.ToUnixTimeMilliseconds()), ("$taken", takenBefore.ToUnixTimeMilliseconds()),
                ("$now", now.ToUnixTimeMilliseconds()), ("$limit", limit)),
            cancellationToken);

    public async ValueTask ForgetAsync(
        TenantId tenant, IReadOnlyCollection<ContentHash> hashes, CancellationToken cancellationToken) => await _database.WriteAsync(
        connection =>
        {
            foreach (var hash in hashes)
            {
                AssetRows.Forget(connection, tenant, hash);
            }

            return 0;
        },
        cancellationToken).ConfigureAwait(false);

    public ValueTask<IReadOnlyList<AssetEntry>> ListAsync(TenantId tenant, ContentHash? after, int limit, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<AssetEntry>>(
            connection =>
            [
                .. connection.Query(
                    "SELECT hash, bytes FROM assets WHERE tenant = $tenant AND present AND hash > $after ORDER BY hash LIMIT $limit",
                    static row => (Hash: ContentHash.FromBytes(row.Bytes(0)), Bytes: row.GetInt64(1)),
                    ("$tenant", tenant.Value), ("$after", after?.ToBytes() ?? []), ("$limit", limit))
                    .Select(asset => new AssetEntry
                    {
                        Tenant = tenant, Hash = asset.Hash, Bytes = asset.Bytes, Names = AssetRows.Names(connection, tenant, asset.Hash),
                    }),
            ],
            cancellationToken);

    public ValueTask<IReadOnlyList<ContentHash>> ListNamedAsync(SessionRef session, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<ContentHash>>(
            connection => connection.Query(
                """
                SELECT a.hash FROM session_assets a JOIN sessions s ON s.id = a.session_id
                WHERE s.tenant = $tenant AND s.session = $session ORDER BY a.hash
                """,
                static row => ContentHash.FromBytes(row.Bytes(0)),
                Name(session)),
            cancellationToken);

    private static (string Name, object? Value)[] Name(TenantId tenant, ContentHash hash) => [("$tenant", tenant.Value), ("$hash", hash.ToBytes())];
}
