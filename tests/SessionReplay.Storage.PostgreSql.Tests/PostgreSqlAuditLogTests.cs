using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SessionReplay.Audit;
using SessionReplay.Catalog;
using SessionReplay.Storage.ConformanceTests;
using SessionReplay.Storage.PostgreSql.Audit;
using SessionReplay.Storage.PostgreSql.Catalog;
using SessionReplay.Storage.PostgreSql.Database;

namespace SessionReplay.Storage.PostgreSql.Tests;

[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlAuditLogTests(PostgreSqlFixture fixture) : AuditLogConformance
{
    private readonly string _schema = PostgreSqlFixture.NewSchema();
    private PostgreSqlDatabase? _database;

    [SkippableTheory]
    [InlineData("UPDATE {0}.audit SET actor = 'x'")]
    [InlineData("DELETE FROM {0}.audit")]
    [InlineData("TRUNCATE {0}.audit")]
    [InlineData("UPDATE {0}.audit_start SET number = 1")]
    [InlineData("DELETE FROM {0}.audit_start")]
    [InlineData("TRUNCATE {0}.audit_start")]
    public async Task ChangeByPlainSql_IsRefused(string sql)
    {
        await Log.AppendAsync(new() { At = DateTimeOffset.UnixEpoch, Actor = "a", Action = "b", Allowed = true }, default);

        var e = await Assert.ThrowsAsync<PostgresException>(() => RunAsync(string.Format(null, sql, _schema)));

        Assert.Contains("append-only", e.MessageText, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Append_TableIsBeingVacuumed_DoesNotWait()
    {
        await Log.AppendAsync(new() { At = DateTimeOffset.UnixEpoch, Actor = "a", Action = "b", Allowed = true }, default);
        await using var source = NpgsqlDataSource.Create(fixture.Server.ConnectionString);
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var vacuum = new NpgsqlCommand($"LOCK TABLE {_schema}.audit IN SHARE UPDATE EXCLUSIVE MODE", connection);
        await vacuum.ExecuteNonQueryAsync();

        await Log.AppendAsync(new() { At = DateTimeOffset.UnixEpoch, Actor = "a", Action = "b", Allowed = true }, default);

        Assert.Equal(2, (await Log.ListAsync(null, null, 10, default)).Count);
    }

    [SkippableFact]
    public async Task Append_ManyWait_LeaveThePoolToTheCatalog()
    {
        await using var database = new PostgreSqlDatabase(
            new PostgreSqlCatalogOptions { ConnectionString = $"{fixture.Server.ConnectionString};Maximum Pool Size=2;Timeout=5",
                Schema = _schema },
            null, CatalogSchema.Migrations, static (message, e) => new CatalogUnavailableException(message, e), NullLogger.Instance);
        var log = new PostgreSqlAuditLog(database);
        await log.AppendAsync(new() { At = DateTimeOffset.UnixEpoch, Actor = "a", Action = "b", Allowed = true }, default);
        await using var source = NpgsqlDataSource.Create(fixture.Server.ConnectionString);
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var busy = new NpgsqlCommand($"LOCK TABLE {_schema}.audit IN ACCESS EXCLUSIVE MODE", connection);
        await busy.ExecuteNonQueryAsync();

        var appends = Enumerable.Range(0, 20).Select(_ => Task.Run(async () =>
            await log.AppendAsync(new() { At = DateTimeOffset.UnixEpoch, Actor = "a", Action = "b", Allowed = true }, default))).ToArray();
        await using var waiting = new NpgsqlCommand(
            $"SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = '{_schema}.audit'::regclass", connection);
        for (var i = 0; i < 1200 && await waiting.ExecuteScalarAsync() is 0L; i++)
        {
            await Task.Delay(50);
        }

        await database.QueryAsync("SELECT 1", static row => row.GetInt32(0), [], default);
        await transaction.RollbackAsync();
        await Task.WhenAll(appends);
        Assert.Null(await log.FindBreakAsync(default));
    }

    public override async Task DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    protected override Task<IAuditLog> CreateLogAsync()
    {
        _database = PostgreSqlFixture.Open(fixture.Server, _schema);
        return Task.FromResult<IAuditLog>(new PostgreSqlAuditLog(_database));
    }

    protected override async Task TamperAsync(long number, string column, object? value)
    {
        await RunAsync($"ALTER TABLE {_schema}.audit DISABLE TRIGGER audit_no_change");
        await RunAsync($"UPDATE {_schema}.audit SET {column} = @value WHERE number = {number}", value ?? DBNull.Value);
    }

    protected override async Task CutAsync(long number, byte[] hash)
    {
        await RunAsync($"UPDATE {_schema}.audit_start SET number = {number}, hash = @value", hash);
        await RunAsync($"DELETE FROM {_schema}.audit WHERE number <= {number}");
    }

    private async Task RunAsync(string sql, object? value = null)
    {
        await using var source = NpgsqlDataSource.Create(fixture.Server.ConnectionString);
        await using var command = source.CreateCommand(sql);
        if (value is not null)
        {
            command.Parameters.AddWithValue("value", value);
        }

        await command.ExecuteNonQueryAsync();
    }
}
