using Npgsql;
using SessionReplay.Catalog;
using SessionReplay.Storage.PostgreSql.Catalog;
using Xunit.Abstractions;

namespace SessionReplay.Storage.PostgreSql.Tests;

/// <summary>At a million sessions no search of the session list reads a whole table.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class SearchPlanTests(PostgreSqlFixture fixture, ITestOutputHelper output)
{
    private const int Sessions = 1_000_000;
    private const long Start = 1_790_000_000_000;
    private static readonly TenantId Tenant = new("shop");

    [SkippableFact]
    public async Task Search_AMillionSessions_NeverReadsAWholeTable()
    {
        var schema = PostgreSqlFixture.NewSchema();
        await using var catalog = fixture.OpenCatalog(schema);
        await catalog.CheckAsync(default);
        await using var source = NpgsqlDataSource.Create(fixture.Server.ConnectionString + ";Command Timeout=300");
        await FillAsync(source, schema);

        var middle = DateTimeOffset.FromUnixTimeMilliseconds(Start + (Sessions / 2 * 1000L));
        ReadOnlyMemory<byte> user = Convert.FromHexString("000000000000002a");
        var query = new SessionQuery { Tenant = Tenant };
        foreach (var (name, search) in new (string, SessionQuery)[]
        {
            ("default list", query),
            ("next page", query with { After = new(Start + (Sessions / 2 * 1000L), SessionId.Create(TimeProvider.System)) }),
            ("user", query with { UserIndexes = [user, Convert.FromHexString("00000000000f423f")] }),
            ("URL prefix that one session in 1,000 has", query with { UrlPrefix = "https://shop.example/product/77" }),
            ("URL prefix that all have", query with { UrlPrefix = "https://shop.example/" }),
            ("path prefix", query with { UrlPrefix = "/product/77" }),
            ("path prefix that nobody has", query with { UrlPrefix = "/none" }),
            ("has an error", query with { HasError = true }),
            ("has none", query with { HasError = false }),
            ("custom event", query with { CustomEvent = "checkout" }),
            ("custom event that is rare", query with { CustomEvent = "refund" }),
            ("time range", query with { From = middle, To = middle.AddHours(1) }),
            ("all at once", query with { UrlPrefix = "/product/7", HasError = true, CustomEvent = "checkout", From = middle, To = middle.AddDays(1), UserIndexes = [user] }),
        })
        {
            var plan = await ExplainAsync(source, schema, search);
            output.WriteLine($"{name}:\n  {string.Join("\n  ", plan)}");
            Assert.True(!plan.Any(line => line.Contains("Seq Scan", StringComparison.Ordinal)), $"{name}:\n{string.Join('\n', plan)}");
        }

        // The rows are those that were put in, and not only the plan is right.
        var page = await catalog.SearchAsync(query with { UserIndexes = [user] }, default);
        Assert.Equal(2, page.Sessions.Count);
        Assert.Equal(50, (await catalog.SearchAsync(query with { UrlPrefix = "/product/77" }, default)).Sessions.Count);
    }

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

    /// <summary>One session a second; each saw one of 1,000 products, every tenth checked out, every hundredth had an error, two belong to each user.</summary>
    private static async Task FillAsync(NpgsqlDataSource source, string schema)
    {
        await using var command = source.CreateCommand(
            $"""
            INSERT INTO {schema}.sessions (tenant, session, session_started, started_at, last_activity_at, last_received_at, errors)
            SELECT '{Tenant}', gen_random_uuid(), {Start} + i * 1000::bigint, {Start} + i * 1000::bigint, {Start} + i * 1000::bigint + 60000, {Start} + i * 1000::bigint + 61000,
                CASE WHEN i % 100 = 0 THEN 1 ELSE 0 END
            FROM generate_series(1, {Sessions}) i;
            INSERT INTO {schema}.session_urls (session_id, tenant, url, path)
            SELECT id, tenant, 'https://shop.example/product/' || id % 1000, '/product/' || id % 1000 FROM {schema}.sessions;
            INSERT INTO {schema}.session_events (session_id, tenant, name)
            SELECT id, tenant, CASE WHEN id % 10000 = 0 THEN 'refund' ELSE 'checkout' END FROM {schema}.sessions WHERE id % 10 = 0;
            INSERT INTO {schema}.session_users (session_id, tenant, user_index) SELECT id, tenant, decode(lpad(to_hex(id / 2), 16, '0'), 'hex') FROM {schema}.sessions;
            """);
        await command.ExecuteNonQueryAsync();
        await using var analyze = source.CreateCommand($"ANALYZE {schema}.sessions, {schema}.session_urls, {schema}.session_events, {schema}.session_users");
        await analyze.ExecuteNonQueryAsync();
    }
}
