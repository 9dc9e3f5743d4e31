using SessionReplay.Catalog;

namespace SessionReplay.Storage.Catalog;

/// <content>What the sweeps ask before they delete, and the end of tombstones.</content>
internal sealed partial class SqliteCatalog
{
    public ValueTask<CatalogClock> ReadClockAsync(TenantId tenant, CancellationToken cancellationToken) => _database.ReadAsync(
        sql => new CatalogClock(
            null,
            sql.Scalar<long?>(
                "SELECT MAX(last_received_at) FROM sessions WHERE tenant = $tenant AND deleting_at IS NULL",
                ("$tenant", tenant.Value)) is { } last
                ? DateTimeOffset.FromUnixTimeMilliseconds(last)
                : null),
        cancellationToken);

    public ValueTask<IReadOnlyList<TenantId>> ListTenantsAsync(CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<TenantId>>(
        static sql => sql.Query(
            """
            WITH RECURSIVE t (tenant) AS (
                SELECT MIN(tenant) FROM sessions UNION ALL SELECT (SELECT MIN(s.tenant) FROM sessions s WHERE s.tenant > t.tenant) FROM t WHERE t.tenant IS NOT NULL)
            SELECT tenant FROM t WHERE tenant IS NOT NULL UNION SELECT tenant FROM asset_totals WHERE bytes > 0
            """,
            static row => new TenantId(row.GetString(0))),
        cancellationToken);

    public ValueTask<int> RemoveTombstonesAsync(DateTimeOffset deletedBefore, int limit, CancellationToken cancellationToken) =>
        _database.WriteAsync(
        sql => sql.Execute(
            """
            DELETE FROM deleted_sessions WHERE (tenant, session) IN (
                SELECT d.tenant, d.session FROM deleted_sessions d WHERE d.deleted_at < $before
                    AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.tenant = d.tenant AND s.session = d.session)
                ORDER BY d.deleted_at LIMIT $limit)
            """,
            ("$before", deletedBefore.ToUnixTimeMilliseconds()), ("$limit", limit)),
        cancellationToken);
}
