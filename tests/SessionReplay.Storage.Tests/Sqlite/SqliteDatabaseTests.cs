using Microsoft.Data.Sqlite;
using SessionReplay.Catalog;
using SessionReplay.Storage.Sqlite;
using SessionReplay.Testing;

namespace SessionReplay.Storage.Tests.Sqlite;

public sealed class SqliteDatabaseTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Write_FileOfANewerVersion_ThrowsEachTimeAndNobodyWaitsForEver()
    {
        await using (var newer = Open("CREATE TABLE a (x)", "CREATE TABLE b (x)"))
        {
            await newer.WriteAsync(static connection => connection.Execute("INSERT INTO b VALUES (1)"), default);
        }

        await using var older = Open("CREATE TABLE a (x)");
        for (var i = 0; i < 2; i++)
        {
            var e = await Assert.ThrowsAsync<InvalidOperationException>(() => older
                .WriteAsync(static connection => connection.Execute("INSERT INTO a VALUES (1)"), default).AsTask().WaitAsync(TimeSpan.FromMinutes(1)));
            Assert.Contains("newer version", e.Message, StringComparison.Ordinal);
        }
    }

    public static TheoryData<int, bool> Codes => new()
    {
        { 1, false }, { 2, false }, { 3, true }, { 4, false }, { 5, true }, { 6, true }, { 7, true }, { 8, true }, { 9, true }, { 10, true }, { 11, true }, { 12, false },
        { 13, true }, { 14, true }, { 15, true }, { 17, true }, { 18, false }, { 19, false }, { 20, false }, { 21, false }, { 22, true }, { 23, true }, { 25, false }, { 26, true },
    };

    [Theory]
    [MemberData(nameof(Codes))]
    public void IsOutage_ResultCode_IsSoOnlyWhereTheValueIsNotAtFault(int code, bool isOutage) =>
        Assert.Equal(isOutage, SqliteErrors.IsOutage(new SqliteException("x", code, code)));

    [Fact]
    public async Task Write_RefusedValueInAGroup_FailsAloneAndTheOthersAreCommitted()
    {
        await using var database = Open("CREATE TABLE a (x TEXT NOT NULL UNIQUE CHECK (length(x) < 3))");
        string?[] values = ["a", null, "b", "a", "long", "c"];

        var results = await Task.WhenAll(values.Select(value => Record.ExceptionAsync(
            () => database.WriteAsync(connection => connection.Execute("INSERT INTO a VALUES ($x)", ("$x", value)), default).AsTask())));

        Assert.Equal([null, typeof(ValueRefusedException), null, typeof(ValueRefusedException), typeof(ValueRefusedException), null], results.Select(e => e?.GetType()));
        Assert.Equal("abc", await database.ReadAsync(static connection => connection.Scalar<string>("SELECT group_concat(x, '') FROM (SELECT x FROM a ORDER BY x)"), default));
    }

    private SqliteDatabase Open(params string[] migrations) =>
        new(_folder.File("x.db"), migrations, string.Empty, static (message, e) => new CatalogUnavailableException(message, e));
}
