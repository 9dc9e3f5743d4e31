using SessionReplay.Storage.Sqlite;

namespace SessionReplay.Storage.Catalog;

/// <content>Which sessions are watched live.</content>
internal sealed partial class SqliteCatalog
{
    public async ValueTask NoteWatchedAsync(
        IReadOnlyCollection<SessionRef> sessions, DateTimeOffset until, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        await _database.WriteAsync(
            sql =>
            {
                foreach (var session in sessions)
                {
                    sql.Execute(
                        """
                        INSERT INTO live_views (tenant, session, watched_until)
                        SELECT tenant, session, $until FROM sessions WHERE tenant = $tenant AND session = $session AND deleting_at IS NULL
                        ON CONFLICT (tenant, session) DO UPDATE SET watched_until = MAX(watched_until, $until)
                        """,
                        [.. Name(session), ("$until", until.ToUnixTimeMilliseconds())]);
                }

                return sql.Execute("DELETE FROM live_views WHERE watched_until <= $now", ("$now", now.ToUnixTimeMilliseconds()));
            },
            cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<IReadOnlyList<SessionRef>> ListWatchedAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<SessionRef>>(
            sql => sql.Query(
                "SELECT tenant, session FROM live_views WHERE watched_until > $now ORDER BY watched_until DESC LIMIT $limit",
                static row => new SessionRef(new(row.GetString(0)), new(row.Guid(1))),
                ("$now", now.ToUnixTimeMilliseconds()), ("$limit", limit)),
            cancellationToken);
}
