using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SessionReplay.Catalog;
using SessionReplay.Storage.PostgreSql.Catalog;
using SessionReplay.Storage.PostgreSql.Database;
using SessionReplay.Versions;

namespace SessionReplay.Storage.PostgreSql.Tests;

[Collection(PostgreSqlCollection.Name)]
public sealed class MigrationsTests(PostgreSqlFixture fixture)
{
    private static readonly string LimitIdle = PostgreSqlDatabase.LimitIdle(TimeSpan.FromMinutes(2));

    private readonly string _schema = PostgreSqlFixture.NewSchema();

    [SkippableFact]
    public async Task Run_TenProcessesAtOnce_EachStepIsDoneOnce()
    {
        await using var source = NpgsqlDataSource.Create(fixture.Server.ConnectionString);
        string[] steps = ["CREATE TABLE $schema.a (x integer); INSERT INTO $schema.a VALUES (1)", "INSERT INTO $schema.a VALUES (2)"];

        await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => Migrations.RunAsync(source, _schema, steps, LimitIdle, NullLogger.Instance, default)));
        await Migrations.RunAsync(source, _schema, [.. steps, "INSERT INTO $schema.a VALUES (3)"], LimitIdle, NullLogger.Instance, default);

        Assert.Equal(
            "1 2 3 3",
            await ScalarAsync(
                source, $"SELECT string_agg(x::text, ' ' ORDER BY x) || ' ' || (SELECT version FROM {_schema}.schema_version) FROM {_schema}.a"));
    }

    [SkippableFact]
    public async Task Run_StepFails_NothingOfItIsLeft()
    {
        await using var source = NpgsqlDataSource.Create(fixture.Server.ConnectionString);

        await Assert.ThrowsAsync<PostgresException>(
            () => Migrations.RunAsync(
                source, _schema, ["CREATE TABLE $schema.a (x integer)", "nonsense"], LimitIdle, NullLogger.Instance, default));

        Assert.Equal(true, await ScalarAsync(source, $"SELECT to_regclass('{_schema}.a') IS NULL"));
    }

    [SkippableFact]
    public async Task Run_SchemaOfANewerRelease_IsRefusedWithWhatToDo()
    {
        await using var source = NpgsqlDataSource.Create(fixture.Server.ConnectionString);
        await Migrations.RunAsync(source, _schema, ["SELECT 1", "SELECT 1"], LimitIdle, NullLogger.Instance, default);

        var e = await Assert.ThrowsAsync<NewerDatabaseException>(
            () => Migrations.RunAsync(source, _schema, ["SELECT 1"], LimitIdle, NullLogger.Instance, default));

        Assert.StartsWith(
            $"The schema {_schema} in PostgreSQL was written by a newer version (schema 2, this one knows 1). Install", e.Message,
            StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Run_AnotherProcessStoppedInTheMiddle_DoesNotHoldThisOneUp()
    {
        await using var source = NpgsqlDataSource.Create(fixture.Server.ConnectionString);
        string[] steps = ["CREATE TABLE $schema.a (x integer)", "INSERT INTO $schema.a VALUES (1)"];
        using var stopped = new StoppingSteps(steps, before: 1);
        // Long enough for a process that is only slow, between two statements.
        var limit = PostgreSqlDatabase.LimitIdle(TimeSpan.FromSeconds(10));
        var first = Task.Run(() => Migrations.RunAsync(source, _schema, stopped, limit, NullLogger.Instance, default));
        await Task.WhenAny(stopped.Reached, first);
        Assert.True(stopped.Reached.IsCompletedSuccessfully, "The first process has begun.");

        await Migrations.RunAsync(source, _schema, steps, LimitIdle, NullLogger.Instance, default);

        // What the stopped one had begun is gone, and it is told so when it goes on.
        stopped.GoOn();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => first);
        Assert.Equal(
            "1 2", await ScalarAsync(
                source, $"SELECT string_agg(x::text, ' ') || ' ' || (SELECT version FROM {_schema}.schema_version) FROM {_schema}.a"));
    }

    [SkippableFact]
    public async Task Use_RoleThatMayNotMakeTables_IsEnoughOnceTheyAreThere()
    {
        await using (var owner = fixture.OpenCatalog(_schema))
        {
            await owner.CheckAsync(default);
        }

        await using var source = NpgsqlDataSource.Create(fixture.Server.ConnectionString);
        await ScalarAsync(
            source, $"CREATE ROLE {_schema} LOGIN; GRANT USAGE ON SCHEMA {_schema} TO {_schema}; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {_schema} TO {_schema}");
        await using var catalog = new PostgreSqlCatalog(new PostgreSqlDatabase(
            new PostgreSqlCatalogOptions { ConnectionString = fixture.Server.ConnectionString.Replace(
                "Username=postgres", $"Username={_schema}", StringComparison.Ordinal), Schema = _schema },
            null, CatalogSchema.Migrations, static (message, e) => new CatalogUnavailableException(message, e), NullLogger.Instance),
            1L << 40);

        Assert.Empty((await catalog.SearchAsync(new() { Tenant = new("a") }, default)).Sessions);
        // The tables for bytes are made with the rights of the owner.
        var session = new SessionRef(new("a"), SessionId.Create(TimeProvider.System));
        Assert.Equal([RecordOutcome.Recorded], await catalog.RecordAsync([HeldChunks.Create(session, 0, new byte[1_000])], default));
        await catalog.ReclaimSpaceAsync(default);
        Assert.True((await catalog.ReadSpaceAsync(default)).UsedBytes > 1_000);
    }

    private static async Task<object?> ScalarAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
