using System.Globalization;
using System.Text;
using Npgsql;
using SessionReplay.Catalog;
using static SessionReplay.Storage.PostgreSql.Database.Parameters;

namespace SessionReplay.Storage.PostgreSql.Catalog;

/// <summary>Turns a search into SQL. All values are parameters.</summary>
internal sealed class SessionSearch
{
    private readonly StringBuilder _sql = new();
    private readonly List<NpgsqlParameter> _parameters = [];

    private SessionSearch()
    {
    }

    public static int Limit(SessionQuery query) => Math.Clamp(query.Limit, 1, 200);

    /// <summary>Builds the statement. It asks for one row more than the page has, to find out whether there is a next page.</summary>
    public static (string Sql, IReadOnlyList<NpgsqlParameter> Parameters) Build(string schema, SessionQuery query)
    {
        var search = new SessionSearch();
        search._sql.Append(
            CultureInfo.InvariantCulture,
            $"SELECT {SessionRows.NamedColumns(schema, SessionColumns.MaxNames)} FROM {schema}.sessions s WHERE s.tenant = @tenant AND {SessionRows.Shown}");
        search._parameters.AddRange([Of("tenant", query.Tenant.Value), Of("limit", Limit(query) + 1)]);
        search.AddTerms(schema, query.Terms);
        search.AddConditions(query);
        search._sql.Append(" ORDER BY s.started_at DESC, s.session DESC LIMIT @limit");
        return (search._sql.ToString(), search._parameters);
    }

    private void AddTerms(string schema, IReadOnlyList<ReadOnlyMemory<byte>> terms)
    {
        for (var i = 0; i < terms.Count; i++)
        {
            _sql.Append(
                CultureInfo.InvariantCulture,
                $" AND s.id IN (SELECT t.session_id FROM {schema}.session_terms t WHERE t.tenant = @tenant AND t.term = @term{i})");
            _parameters.Add(Of(string.Create(CultureInfo.InvariantCulture, $"term{i}"), terms[i]));
        }
    }

    private void AddConditions(SessionQuery query)
    {
        _sql.Append(query.HasError switch { true => " AND s.errors > 0", false => " AND s.errors = 0", null => "" });
        AddNumber(" AND s.started_at >= @from", "from", query.From?.ToUnixTimeMilliseconds());
        AddNumber(" AND s.started_at < @to", "to", query.To?.ToUnixTimeMilliseconds());
        AddNumber(" AND s.last_activity_at - s.started_at >= @min", "min", (long?)query.MinDuration?.TotalMilliseconds);
        AddText(" AND s.os = @os", "os", query.Os);
        AddText(" AND s.device = @device", "device", query.Device);
        AddText(" AND (s.browser = @browser OR (s.browser > @browser || ' ' AND s.browser < @browser || '!'))", "browser", query.Browser);
        if (query.After is { } after)
        {
            _sql.Append(" AND (s.started_at, s.session) < (@after, @after_session)");
            _parameters.AddRange([Of("after", after.StartedAt), Of("after_session", after.Session.Value)]);
        }
    }

    private void AddNumber(string condition, string parameter, long? value)
    {
        if (value is not null)
        {
            _sql.Append(condition);
            _parameters.Add(Of(parameter, value));
        }
    }

    private void AddText(string condition, string parameter, string? value)
    {
        if (value is { Length: > 0 })
        {
            _sql.Append(condition);
            _parameters.Add(Of(parameter, value));
        }
    }
}
