using Npgsql;
using SessionReplay.Audit;
using SessionReplay.Storage.ConformanceTests;
using SessionReplay.Storage.PostgreSql.Audit;
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
    public async Task ChangeByPlainSql_IsRefused(string sql)
    {
        await Log.AppendAsync(new() { At = DateTimeOffset.UnixEpoch, Actor = "a", Action = "b", Allowed = true }, default);

        var e = await Assert.ThrowsAsync<PostgresException>(() => RunAsync(string.Format(null, sql, _schema)));

        Assert.Contains("append-only", e.MessageText, StringComparison.Ordinal);
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

    protected override Task TamperAsync(long number) => RunAsync(
        $"ALTER TABLE {_schema}.audit DISABLE TRIGGER audit_no_change; UPDATE {_schema}.audit SET allowed = NOT allowed WHERE number = {number}");

    private async Task RunAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(fixture.Server.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
