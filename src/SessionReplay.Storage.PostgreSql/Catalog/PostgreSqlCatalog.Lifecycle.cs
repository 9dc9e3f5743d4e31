using SessionReplay.Catalog;
using static SessionReplay.Storage.PostgreSql.Database.Parameters;

namespace SessionReplay.Storage.PostgreSql.Catalog;

/// <content>What the sweeps ask before they delete, and the end of tombstones.</content>
internal sealed partial class PostgreSqlCatalog
{
    public async ValueTask<CatalogClock> ReadClockAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync(
            $"""
            SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint,
                (SELECT MAX(s.last_received_at) FROM {_schema}.sessions s WHERE s.tenant = @tenant AND s.deleting_at IS NULL)
            """,
            static row => new CatalogClock(
                DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0)),
                row.IsDBNull(1) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1))),
            [Of("tenant", tenant.Value)],
            cancellationToken).ConfigureAwait(false);
        return rows[0];
    }

    public async ValueTask<IReadOnlyList<TenantId>> ListTenantsAsync(CancellationToken cancellationToken) => await database.QueryAsync(
        $"""
        WITH RECURSIVE t (tenant) AS (
            SELECT MIN(s.tenant) FROM {_schema}.sessions s
            UNION ALL SELECT (SELECT MIN(s.tenant) FROM {_schema}.sessions s WHERE s.tenant > t.tenant) FROM t WHERE t.tenant IS NOT NULL)
        SELECT t.tenant FROM t WHERE t.tenant IS NOT NULL UNION SELECT a.tenant FROM {_schema}.asset_totals a WHERE a.bytes > 0
        """,
        static row => new TenantId(row.GetString(0)),
        [],
        cancellationToken).ConfigureAwait(false);

    public async ValueTask<int> RemoveTombstonesAsync(DateTimeOffset deletedBefore, int limit, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(
            $"""
            DELETE FROM {_schema}.deleted_sessions d USING (
                SELECT o.tenant, o.session FROM {_schema}.deleted_sessions o WHERE o.deleted_at < @before
                    AND NOT EXISTS (SELECT 1 FROM {_schema}.sessions s WHERE s.tenant = o.tenant AND s.session = o.session)
                ORDER BY o.deleted_at LIMIT @limit) old
            WHERE d.tenant = old.tenant AND d.session = old.session
            """,
            [Of("before", deletedBefore.ToUnixTimeMilliseconds()), Of("limit", limit)],
            cancellationToken).ConfigureAwait(false);
}
