using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using SessionReplay.Catalog;
using SessionReplay.Storage.Sqlite;

namespace SessionReplay.Storage.Catalog;

/// <summary>Turns a search into SQL. All values are parameters.</summary>
internal static class SessionSearch
{
    public static SessionPage Run(SqliteConnection connection, SessionQuery query)
    {
        var limit = Math.Clamp(query.Limit, 1, 200);
        var parameters = new List<(string, object?)> { ("$tenant", query.Tenant.Value), ("$limit", limit + 1) };
        var sql = new StringBuilder(SessionRows.Select).Append(" WHERE s.tenant = $tenant AND ").Append(SessionRows.Shown);

        for (var i = 0; i < query.Terms.Count; i++)
        {
            sql.Append(CultureInfo.InvariantCulture, $" AND s.id IN (SELECT session_id FROM session_terms WHERE tenant = $tenant AND term = $term{i})");
            parameters.Add(($"$term{i}", query.Terms[i].ToArray()));
        }

        sql.Append(query.HasError switch { true => " AND s.errors > 0", false => " AND s.errors = 0", null => string.Empty });
        Add(" AND s.started_at >= $from", "$from", query.From?.ToUnixTimeMilliseconds());
        Add(" AND s.started_at < $to", "$to", query.To?.ToUnixTimeMilliseconds());
        Add(" AND s.os = $os", "$os", query.Os);
        Add(" AND s.device = $device", "$device", query.Device);
        Add(" AND s.last_activity_at - s.started_at >= $min", "$min", (long?)query.MinDuration?.TotalMilliseconds);
        Add(" AND (s.browser = $browser OR (s.browser > $browser || ' ' AND s.browser < $browser || '!'))", "$browser", query.Browser);
        if (query.After is { } after)
        {
            sql.Append(" AND (s.started_at, s.session) < ($after, $after_session)");
            parameters.Add(("$after", after.StartedAt));
            parameters.Add(("$after_session", after.Session.Value.ToBytes()));
        }

        sql.Append(" ORDER BY s.started_at DESC, s.session DESC LIMIT $limit");
        var rows = connection.Query(sql.ToString(), SessionRows.Read, [.. parameters]);
        var more = rows.Count > limit;
        if (more)
        {
            rows.RemoveAt(limit);
        }

        for (var i = 0; i < rows.Count; i++)
        {
            rows[i] = rows[i] with { Totals = rows[i].Totals with { CustomEvents = SessionRows.CustomEvents(connection, rows[i].Session, SessionColumns.MaxNames) } };
        }

        return new(rows, more ? new(rows[^1].StartedAt, rows[^1].Session.Session) : null);

        void Add(string condition, string parameter, object? value)
        {
            if (value is not null and not "")
            {
                sql.Append(condition);
                parameters.Add((parameter, value));
            }
        }
    }
}
