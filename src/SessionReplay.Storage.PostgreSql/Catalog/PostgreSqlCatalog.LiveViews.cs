using static SessionReplay.Storage.PostgreSql.Database.Parameters;

namespace SessionReplay.Storage.PostgreSql.Catalog;

/// <content>Which sessions are watched live.</content>
internal sealed partial class PostgreSqlCatalog
{
    /// <summary>All processes lock sessions in the same order, and to remove they wait for no lock: none waits in a ring.</summary>
    public async ValueTask NoteWatchedAsync(
        IReadOnlyCollection<SessionRef> sessions, DateTimeOffset until, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        var watched = sessions.Distinct().ToList();
        await database.BatchAsync(
            async batch =>
            {
                Add(
                    batch,
                    $"""
                    INSERT INTO {_schema}.live_views AS v (tenant, session, watched_until)
                    SELECT s.tenant, s.session, @until FROM unnest(@tenants, @sessions) AS n (tenant, session)
                    JOIN {_schema}.sessions s ON s.tenant = n.tenant AND s.session = n.session
                    WHERE s.deleting_at IS NULL ORDER BY s.tenant, s.session FOR KEY SHARE OF s
                    ON CONFLICT (tenant, session) DO UPDATE SET watched_until = GREATEST(v.watched_until, EXCLUDED.watched_until)
                    """,
                    [
                        Of("tenants", [.. watched.Select(static session => session.Tenant.Value)]),
                        Of("sessions", [.. watched.Select(static session => session.Session.Value)]),
                        Of("until", until.ToUnixTimeMilliseconds()),
                    ]);
                Add(
                    batch,
                    $"""
                    DELETE FROM {_schema}.live_views v USING (
                        SELECT o.tenant, o.session FROM {_schema}.live_views o WHERE o.watched_until <= @now FOR UPDATE SKIP LOCKED) e
                    WHERE v.tenant = e.tenant AND v.session = e.session
                    """,
                    [Of("now", now.ToUnixTimeMilliseconds())]);
                return await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<SessionRef>> ListWatchedAsync(
        DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            $"SELECT tenant, session FROM {_schema}.live_views WHERE watched_until > @now ORDER BY watched_until DESC LIMIT @limit",
            static row => new SessionRef(new(row.GetString(0)), new(row.GetGuid(1))),
            [Of("now", now.ToUnixTimeMilliseconds()), Of("limit", limit)],
            cancellationToken).ConfigureAwait(false);
}
