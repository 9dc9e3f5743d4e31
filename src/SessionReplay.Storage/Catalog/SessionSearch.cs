using System.Globalization;
using System.Text;
using SessionReplay.Catalog;
using SessionReplay.Sqlite;
using SessionReplay.Storage.Sqlite;

namespace SessionReplay.Storage.Catalog;

/// <summary>Turns a search into SQL. All values are parameters.</summary>
internal sealed class SessionSearch
{
    private readonly StringBuilder _sql = new();
    private readonly List<(string, object?)> _parameters = [];

    private SessionSearch()
    {
    }

    public static SessionPage Run(SqliteStatements sql, SessionQuery query)
    {
        var limit = Math.Clamp(query.Limit, 1, 200);
        var search = Build(query, limit + 1);
        var rows = sql.Query(search._sql.ToString(), SessionRows.Read, [.. search._parameters]);
        var more = rows.Count > limit;
        if (more)
        {
            rows.RemoveAt(limit);
        }

        for (var i = 0; i < rows.Count; i++)
        {
            rows[i] =
                rows[i] with { Totals =
                    rows[i].Totals with { CustomEvents = SessionRows.CustomEvents(sql, rows[i].Session, SessionColumns.MaxNames) } };
        }

        return new(rows, more ? new(rows[^1].StartedAt, rows[^1].Session.Session) : null);
    }

    private static SessionSearch Build(SessionQuery query, int limit)
    {
        var search = new SessionSearch();
        search._sql.Append(SessionRows.Select).Append(" WHERE s.tenant = $tenant AND ").Append(SessionRows.Shown);
        search._parameters.AddRange([("$tenant", query.Tenant.Value), ("$limit", limit)]);
        search.AddTerms(query.Terms);
        search.AddConditions(query);
        search._sql.Append(" ORDER BY s.started_at DESC, s.session DESC LIMIT $limit");
        return search;
    }

    private void AddTerms(IReadOnlyList<ReadOnlyMemory<byte>> terms)
    {
        for (var i = 0; i < terms.Count; i++)
        {
            _sql.Append(
                CultureInfo.InvariantCulture,
                $" AND s.id IN (SELECT session_id FROM session_terms WHERE tenant = $tenant AND term = $term{i})");
            _parameters.Add(($"$term{i}", terms[i].ToArray()));
        }
    }

    private void AddConditions(SessionQuery query)
    {
        _sql.Append(query.HasError switch { true => " AND s.errors > 0", false => " AND s.errors = 0", null => string.Empty });
        Add(" AND s.started_at >= $from", "$from", query.From?.ToUnixTimeMilliseconds());
        Add(" AND s.started_at < $to", "$to", query.To?.ToUnixTimeMilliseconds());
        Add(" AND s.os = $os", "$os", query.Os);
        Add(" AND s.device = $device", "$device", query.Device);
        Add(" AND s.last_activity_at - s.started_at >= $min", "$min", (long?)query.MinDuration?.TotalMilliseconds);
        Add(" AND (s.browser = $browser OR (s.browser > $browser || ' ' AND s.browser < $browser || '!'))", "$browser", query.Browser);
        if (query.After is { } after)
        {
            _sql.Append(" AND (s.started_at, s.session) < ($after, $after_session)");
            _parameters.Add(("$after", after.StartedAt));
            _parameters.Add(("$after_session", after.Session.Value.ToBytes()));
        }
    }

    private void Add(string condition, string parameter, object? value)
    {
        if (value is not null and not "")
        {
            _sql.Append(condition);
            _parameters.Add((parameter, value));
        }
    }
}
