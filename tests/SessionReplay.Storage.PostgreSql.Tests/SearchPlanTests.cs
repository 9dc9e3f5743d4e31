using System.Security.Cryptography;
using System.Text;
using Npgsql;
using SessionReplay.Catalog;
using SessionReplay.Storage.PostgreSql.Catalog;
using Xunit.Abstractions;

namespace SessionReplay.Storage.PostgreSql.Tests;

/// <summary>At a hundred thousand sessions, and with --long at a million, no search of the session list reads a whole table.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class SearchPlanTests(PostgreSqlFixture fixture, ITestOutputHelper output)
{
    private const long Start = 1_790_000_000_000;
    private static readonly TenantId Tenant = new("shop");

    [SkippableFact]
    public Task Search_AHundredThousandSessions_NeverReadsAWholeTable() => AssertPlansAsync(100_000);

    [SkippableFact]
    [Trait("Takes", "Long")]
    public Task Search_AMillionSessions_NeverReadsAWholeTable() => AssertPlansAsync(1_000_000);

    private async Task AssertPlansAsync(int sessions)
    {
        var schema = PostgreSqlFixture.NewSchema();
        await using var catalog = fixture.OpenCatalog(schema);
        await catalog.CheckAsync(default);
        await using var source = NpgsqlDataSource.Create(fixture.Server.ConnectionString + ";Command Timeout=300");
        await FillAsync(source, schema, sessions);

        var middle = DateTimeOffset.FromUnixTimeMilliseconds(Start + (sessions / 2 * 1000L));
        ReadOnlyMemory<byte> user = Term("user 42");
        var query = new SessionQuery { Tenant = Tenant };
        foreach (var (name, search) in new (string, SessionQuery)[]
        {
            ("default list", query),
            ("next page", query with { After = new(Start + (sessions / 2 * 1000L), SessionId.Create(TimeProvider.System)) }),
            ("user", query with { Terms = [user] }),
            ("URL prefix that one session in 1,000 has", query with { Terms = [Term("product 77")] }),
            ("URL prefix that all have", query with { Terms = [Term("shop")] }),
            ("path prefix that nobody has", query with { Terms = [Term("none")] }),
            ("has an error", query with { HasError = true }),
            ("has none", query with { HasError = false }),
            ("custom event", query with { Terms = [Term("checkout")] }),
            ("custom event that is rare", query with { Terms = [Term("refund")] }),
            ("time range", query with { From = middle, To = middle.AddHours(1) }),
            ("all at once",
            query with { Terms = [Term("product 7"), Term("checkout"), user], HasError = true, From = middle, To = middle.AddDays(1) }),
        })
        {
            var plan = await ExplainAsync(source, schema, search);
            output.WriteLine($"{name}:\n  {string.Join("\n  ", plan)}");
            Assert.True(!plan.Any(line => line.Contains("Seq Scan", StringComparison.Ordinal)), $"{name}:\n{string.Join('\n', plan)}");
        }

        // The rows are those that were put in, and not only the plan is right.
        var page = await catalog.SearchAsync(query with { Terms = [user] }, default);
        Assert.Equal(2, page.Sessions.Count);
        Assert.Equal(50, (await catalog.SearchAsync(query with { Terms = [Term("product 77")] }, default)).Sessions.Count);
    }

    /// <summary>16 bytes for a text, as blind indexes are.</summary>
    private static ReadOnlyMemory<byte> Term(string text) => MD5.HashData(Encoding.UTF8.GetBytes(text));

    private static async Task<List<string>> ExplainAsync(NpgsqlDataSource source, string schema, SessionQuery query)
    {
        var (sql, parameters) = SessionSearch.Build(schema, query);
        await using var command = source.CreateCommand("EXPLAIN " + sql);
        command.Parameters.AddRange(parameters.ToArray());
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(0));
        }

        return lines;
    }

    /// <summary>
    /// One session a second; each saw one of 1,000 products, every tenth checked out, every hundredth had an error, two belong to each
    /// user.
    /// </summary>
    private static async Task FillAsync(NpgsqlDataSource source, string schema, int sessions)
    {
        await using var command = source.CreateCommand(
            $"""
            INSERT INTO {schema}.sessions (tenant, session, session_started, started_at, last_activity_at, last_received_at, errors)
            SELECT '{Tenant}', gen_random_uuid(), {Start} + i * 1000::bigint, {Start} + i * 1000::bigint, {Start} + i * 1000::bigint + 60000, {Start} + i * 1000::bigint + 61000,
                CASE WHEN i % 100 = 0 THEN 1 ELSE 0 END
            FROM generate_series(1, {sessions}) i;
            INSERT INTO {schema}.session_terms (session_id, tenant, term)
            SELECT s.id, s.tenant, decode(md5(t.text), 'hex') FROM {schema}.sessions s
            CROSS JOIN LATERAL (VALUES ('shop'), ('product ' || s.id % 1000), ('user ' || s.id / 2)) AS t (text);
            INSERT INTO {schema}.session_terms (session_id, tenant, term, name_sealed)
            SELECT id, tenant, decode(md5(CASE WHEN id % 10000 = 0 THEN 'refund' ELSE 'checkout' END), 'hex'), 'x' FROM {schema}.sessions WHERE id % 10 = 0;
            """);
        await command.ExecuteNonQueryAsync();
        await using var analyze = source.CreateCommand($"ANALYZE {schema}.sessions, {schema}.session_terms");
        await analyze.ExecuteNonQueryAsync();
    }
}
