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
            await newer.WriteAsync(static sql => sql.Execute("INSERT INTO b VALUES (1)"), default);
        }

        await using var older = Open("CREATE TABLE a (x)");
        for (var i = 0; i < 2; i++)
        {
            var e = await Assert.ThrowsAsync<CatalogUnavailableException>(() => older
                .WriteAsync(static sql => sql.Execute("INSERT INTO a VALUES (1)"), default).AsTask().WaitAsync(TimeSpan.FromMinutes(1)));
            Assert.Contains("newer version", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Write_RefusedValueInAGroup_FailsAloneAndTheOthersAreCommitted()
    {
        await using var database = Open("CREATE TABLE a (x TEXT NOT NULL UNIQUE CHECK (length(x) < 3))");
        string?[] values = ["a", null, "b", "a", "long", "c"];

        var results = await Task.WhenAll(values.Select(value => Record.ExceptionAsync(
            () => database.WriteAsync(sql => sql.Execute("INSERT INTO a VALUES ($x)", ("$x", value)), default).AsTask())));

        Assert.Equal(
            [null, typeof(ValueRefusedException), null, typeof(ValueRefusedException), typeof(ValueRefusedException), null],
            results.Select(e => e?.GetType()));
        Assert.Equal(
            "abc", await database.ReadAsync(
                static sql => sql.Scalar<string>("SELECT group_concat(x, '') FROM (SELECT x FROM a ORDER BY x)"), default));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public async Task Write_OperationThatFailsHalfway_LeavesNothingOfItAndTheOthersAreCommitted(int atOnce)
    {
        await using var database = Open("CREATE TABLE a (x)");
        using var begun = new ManualResetEventSlim();
        var first = database.WriteAsync(_ => begun.Wait(TimeSpan.FromMinutes(1)), default).AsTask();
        var others = Enumerable.Range(1, atOnce).Select(i => database.WriteAsync(
            sql =>
            {
                sql.Execute("INSERT INTO a VALUES ($x)", ("$x", i));
                return i % 2 == 1 ? throw new InvalidOperationException("an error of its own") : i;
            },
            default).AsTask()).ToList();
        begun.Set();

        Assert.True(await first);
        foreach (var (other, i) in others.Select((other, i) => (other, i + 1)))
        {
            Assert.Equal(i % 2 == 1, await Record.ExceptionAsync(() => other) is InvalidOperationException);
        }

        Assert.Equal(
            atOnce / 2, await database.ReadAsync(static sql => sql.Scalar<int>("SELECT count(*) FROM a WHERE x % 2 = 0"), default));
        Assert.Equal(atOnce / 2, await database.ReadAsync(static sql => sql.Scalar<int>("SELECT count(*) FROM a"), default));
    }

    [Fact]
    public async Task Write_CancelledWhileItWaits_IsNotRun()
    {
        await using var database = Open("CREATE TABLE a (x)");
        using var begun = new ManualResetEventSlim();
        using var gone = new CancellationTokenSource();
        var first = database.WriteAsync(_ => begun.Wait(TimeSpan.FromMinutes(1)), default).AsTask();
        var second = database.WriteAsync(static sql => sql.Execute("INSERT INTO a VALUES (1)"), gone.Token).AsTask();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        begun.Set();

        Assert.True(await first);
        Assert.Equal(0, await database.WriteAsync(static sql => sql.Scalar<int>("SELECT count(*) FROM a"), default));
    }

    [Fact]
    public async Task Read_ThrowsAndThenNot_SeesEachTimeTheNewestState()
    {
        await using var database = Open("CREATE TABLE a (x)");
        for (var i = 0; i < 3; i++)
        {
            await database.WriteAsync(static sql => sql.Execute("INSERT INTO a VALUES (1)"), default);
            await Assert.ThrowsAsync<InvalidOperationException>(
                async () =>
                    await database.ReadAsync<int>(
                        static sql => throw new InvalidOperationException($"{sql.Scalar<int>("SELECT 1")}"), default));
            await Assert.ThrowsAsync<ValueRefusedException>(
                async () => await database.ReadAsync(static sql => sql.Execute("SELECT no_such_column FROM a"), default));
            Assert.Equal(i + 1, await database.ReadAsync(static sql => sql.Scalar<int>("SELECT count(*) FROM a"), default));
        }
    }

    private SqliteDatabase Open(params string[] schema) =>
        new(new(_folder.File("x.db"), schema), static (reason, e) => new CatalogUnavailableException(reason, e));
}
