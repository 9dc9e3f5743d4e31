using Microsoft.Data.Sqlite;
using SessionReplay.Audit;
using SessionReplay.Storage;

namespace SessionReplay.Shared.Tests.Databases;

public sealed class AuditRowsTests : IDisposable
{
    private readonly SqliteConnection _connection = new("Data Source=:memory:");
    private readonly AuditRows _rows = new(
        (row, column) => row.GetBoolean(column), (row, column) => row.IsDBNull(column) ? null : row.GetGuid(column));

    public AuditRowsTests() => _connection.Open();

    public void Dispose() => _connection.Dispose();

    [Fact]
    public void ReadForCheck_ColumnThatCannotBeRead_NamesItWithoutItsValue()
    {
        var (number, row, problem) = Read("SELECT 7, 0, 'somebody', 'view', 1, 'ok', 'a', 'secret' AS session, NULL, NULL, x'00'");

        Assert.Equal(7, number);
        Assert.Null(row);
        Assert.Contains("session", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Continue_RowChanged_IsNoChain()
    {
        var first = Row(1, new byte[32], "somebody");
        var second = Row(2, first.Hash.ToArray(), "somebody");

        Assert.True(AuditRows.Continue(0, new byte[32], [first, second]));
        Assert.False(AuditRows.Continue(0, new byte[32], [first, second with { Entry = second.Entry with { Actor = "nobody" } }]));
        Assert.False(AuditRows.Continue(0, new byte[32], [second]));
    }

    private static AuditRow Row(long number, byte[] before, string actor)
    {
        var entry = new AuditEntry { At = DateTimeOffset.UnixEpoch, Actor = actor, Action = "view", Allowed = true, Outcome = "ok" };
        return new AuditRow(number, entry, AuditChain.ComputeHash(before, number, entry));
    }

    private (long Number, AuditRow? Row, string? Problem) Read(string query)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = query;
        using var reader = command.ExecuteReader();
        Assert.True(reader.Read());
        return _rows.ReadForCheck(reader);
    }
}
