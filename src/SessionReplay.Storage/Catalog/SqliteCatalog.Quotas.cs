using SessionReplay.Catalog;

namespace SessionReplay.Storage.Catalog;

/// <content>What was used of quotas.</content>
internal sealed partial class SqliteCatalog
{
    public ValueTask<QuotaGrant> TakeAsync(
        TenantId tenant, string quota, long amount, QuotaLimit limit, DateTimeOffset now, CancellationToken cancellationToken) =>
        _database.WriteAsync(
            sql =>
            {
                (string, object?)[] name = [("$tenant", tenant.Value), ("$name", quota)];
                var (used, ends) = sql.Query(
                    "SELECT used, ends_at FROM quotas WHERE tenant = $tenant AND name = $name AND ends_at > $now",
                    static row => (row.GetInt64(0), row.GetInt64(1)),
                    [.. name, ("$now", now.ToUnixTimeMilliseconds())]).DefaultIfEmpty((0, (now + limit.Period).ToUnixTimeMilliseconds()))
                    .First();
                var granted = Math.Clamp(amount, 0, Math.Max(0, limit.Max - used));
                if (granted > 0)
                {
                    sql.Execute(
                        """
                        INSERT INTO quotas (tenant, name, used, ends_at) VALUES ($tenant, $name, $used, $ends)
                        ON CONFLICT (tenant, name) DO UPDATE SET used = $used, ends_at = $ends
                        """,
                        [.. name, ("$used", used + granted), ("$ends", ends)]);
                }

                return new QuotaGrant(granted, DateTimeOffset.FromUnixTimeMilliseconds(ends));
            },
            cancellationToken);

    public ValueTask<int> RemoveEndedAsync(DateTimeOffset now, CancellationToken cancellationToken) => _database.WriteAsync(
        sql => sql.Execute("DELETE FROM quotas WHERE ends_at <= $now", ("$now", now.ToUnixTimeMilliseconds())), cancellationToken);
}
