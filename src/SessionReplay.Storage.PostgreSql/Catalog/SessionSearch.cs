using System.Globalization;
using System.Text;
using Npgsql;
using SessionReplay.Catalog;
using static SessionReplay.Storage.PostgreSql.Database.Parameters;

namespace SessionReplay.Storage.PostgreSql.Catalog;

/// <summary>Turns a search into SQL. All values are parameters.</summary>
internal static class SessionSearch
{
    public static int Limit(SessionQuery query) => Math.Clamp(query.Limit, 1, 200);

    /// <summary>Gives the statement; it asks for one row more than the page has, to tell whether there is a next one.</summary>
    public static (string Sql, IReadOnlyList<NpgsqlParameter> Parameters) Build(string schema, SessionQuery query)
    {
        var parameters = new List<NpgsqlParameter> { Of("tenant", query.Tenant.Value), Of("limit", Limit(query) + 1) };
        var sql = new StringBuilder($"SELECT {SessionRows.NamedColumns(schema, SessionColumns.MaxNames)} FROM {schema}.sessions s WHERE s.tenant = @tenant AND {SessionRows.Shown}");

        for (var i = 0; i < query.Terms.Count; i++)
        {
            sql.Append(CultureInfo.InvariantCulture, $" AND s.id IN (SELECT t.session_id FROM {schema}.session_terms t WHERE t.tenant = @tenant AND t.term = @term{i})");
            parameters.Add(Of(string.Create(CultureInfo.InvariantCulture, $"term{i}"), query.Terms[i]));
        }

        sql.Append(query.HasError switch { true => " AND s.errors > 0", false => " AND s.errors = 0", null => "" });
        Number(" AND s.started_at >= @from", "from", query.From?.ToUnixTimeMilliseconds());
        Number(" AND s.started_at < @to", "to", query.To?.ToUnixTimeMilliseconds());
        Number(" AND s.last_activity_at - s.started_at >= @min", "min", (long?)query.MinDuration?.TotalMilliseconds);
        Text(" AND s.os = @os", "os", query.Os);
        Text(" AND s.device = @device", "device", query.Device);
        Text(" AND (s.browser = @browser OR (s.browser > @browser || ' ' AND s.browser < @browser || '!'))", "browser", query.Browser);
        if (query.After is { } after)
        {
            sql.Append(" AND (s.started_at, s.session) < (@after, @after_session)");
            parameters.AddRange([Of("after", after.StartedAt), Of("after_session", after.Session.Value)]);
        }

        sql.Append(" ORDER BY s.started_at DESC, s.session DESC LIMIT @limit");
        return (sql.ToString(), parameters);

        void Number(string condition, string parameter, long? value)
        {
            if (value is not null)
            {
                sql.Append(condition);
                parameters.Add(Of(parameter, value));
            }
        }

        void Text(string condition, string parameter, string? value)
        {
            if (value is { Length: > 0 })
            {
                sql.Append(condition);
                parameters.Add(Of(parameter, value));
            }
        }
    }
}
