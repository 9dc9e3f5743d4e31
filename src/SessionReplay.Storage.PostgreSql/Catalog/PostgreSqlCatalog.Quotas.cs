using SessionReplay.Catalog;
using static SessionReplay.Storage.PostgreSql.Database.Parameters;

namespace SessionReplay.Storage.PostgreSql.Catalog;

/// <content>What was used of quotas.</content>
internal sealed partial class PostgreSqlCatalog
{
    public async ValueTask<QuotaGrant> TakeAsync(
        TenantId tenant, string quota, long amount, QuotaLimit limit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var taken = await database.QueryAsync(
            $"SELECT granted, ends FROM {_schema}.take_quota(@tenant, @name, @amount, @max, @now, @ends)",
            static row => new QuotaGrant(row.GetInt64(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1))),
            [
                Of("tenant", tenant.Value), Of("name", quota), Of("amount", amount), Of("max", limit.Max),
                Of("now", now.ToUnixTimeMilliseconds()),
                Of("ends", (now + limit.Period).ToUnixTimeMilliseconds()),
            ],
            cancellationToken).ConfigureAwait(false);
        return taken[0];
    }

    public ValueTask<int> RemoveEndedAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            $"DELETE FROM {_schema}.quotas WHERE ends_at <= @now", [Of("now", now.ToUnixTimeMilliseconds())], cancellationToken);
}
