using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using SessionReplay.Audit;
using SessionReplay.Storage.Audit;
using SessionReplay.Storage.Catalog;
using SessionReplay.Storage.ConformanceTests;
using SessionReplay.Testing;

namespace SessionReplay.Storage.Tests.Audit;

public sealed class SqliteAuditLogTests : AuditLogConformance
{
    private readonly TempFolder _folder = new();
    private SqliteAuditLog? _log;

    [Theory]
    [InlineData("UPDATE audit SET actor = 'x'")]
    [InlineData("DELETE FROM audit")]
    [InlineData("UPDATE audit_start SET number = 1")]
    [InlineData("DELETE FROM audit_start")]
    public async Task ChangeByPlainSql_IsRefused(string sql)
    {
        await Log.AppendAsync(new() { At = DateTimeOffset.UnixEpoch, Actor = "a", Action = "b", Allowed = true }, default);

        Assert.Contains("append-only", Assert.Throws<SqliteException>(() => Run(sql)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("session", "x'0102'")]
    [InlineData("session", "'not an id'")]
    [InlineData("hash", "7")]
    public async Task FindBreak_ColumnOfAnotherType_NamesRowAndColumn(string column, string value)
    {
        await Log.AppendAsync(new() { At = DateTimeOffset.UnixEpoch, Actor = "a", Action = "b", Allowed = true }, default);
        Run($"DROP TRIGGER audit_no_update; UPDATE audit SET {column} = {value}");

        var found = await Log.FindBreakAsync(default);

        Assert.Equal(1, found?.Number);
    }

    public override async Task DisposeAsync()
    {
        await _log!.DisposeAsync();
        _folder.Dispose();
    }

    protected override Task<IAuditLog> CreateLogAsync()
    {
        _log = new(Options.Create(new SqliteCatalogOptions { AuditPath = _folder.File("audit.db") }));
        return Task.FromResult<IAuditLog>(_log);
    }

    protected override Task TamperAsync(long number, string column, object? value)
    {
        Run($"DROP TRIGGER audit_no_update; UPDATE audit SET {column} = $value WHERE number = {number}", value);
        return Task.CompletedTask;
    }

    protected override Task CutAsync(long number, byte[] hash)
    {
        Run($"UPDATE audit_start SET number = {number}, hash = $value; DELETE FROM audit WHERE number <= {number}", hash);
        return Task.CompletedTask;
    }

    private void Run(string sql, object? value = null)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.File("audit.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$value", value ?? DBNull.Value);
        command.ExecuteNonQuery();
    }
}
