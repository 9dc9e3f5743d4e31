using SessionReplay.Sqlite;
using SessionReplay.Testing;
using SessionReplay.Versions;

namespace SessionReplay.Shared.Tests.Sqlite;

public sealed class SqliteFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_ManyAtOnce_RunEachStepOnceAndLaterThoseThatWereAdded()
    {
        string[] steps = ["CREATE TABLE a (x)", "INSERT INTO a VALUES (1)"];
        var files = Enumerable.Range(0, 8).Select(_ => new SqliteFile(_folder.File("x.db"), steps)).ToList();
        await Task.WhenAll(files.Select(file => Task.Run(() => file.Open().Dispose())));

        using var sql = new SqliteFile(_folder.File("x.db"), [.. steps, "INSERT INTO a VALUES (2)"]).Open();

        Assert.Equal([1L, 2], sql.Query("SELECT x FROM a ORDER BY x", static row => row.GetInt64(0)));
        Assert.Equal(
            ("wal", 2L, 1L),
            (sql.Scalar<string>("PRAGMA journal_mode"), sql.Scalar<long>("PRAGMA synchronous"), sql.Scalar<long>("PRAGMA secure_delete")));
    }

    [Fact]
    public void Open_NewerSchema_ThrowsAndSaysSo()
    {
        new SqliteFile(_folder.File("x.db"), ["CREATE TABLE a (x)", "CREATE TABLE b (x)"]).Open().Dispose();

        var thrown = Assert.Throws<NewerDatabaseException>(() => new SqliteFile(_folder.File("x.db"), ["CREATE TABLE a (x)"]).Open());
        Assert.Contains("newer version", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CheckVersion_NewerOrSameOrOlderOrNoFile_ThrowsOnTheNewerOneAndChangesNothing()
    {
        var path = _folder.File("x.db");
        string[] steps = ["CREATE TABLE a (x)", "CREATE TABLE b (x)"];
        new SqliteFile(path, steps).CheckVersion();
        Assert.False(File.Exists(path));
        new SqliteFile(path, steps).Open().Dispose();

        new SqliteFile(path, steps).CheckVersion();
        new SqliteFile(path, [.. steps, "CREATE TABLE c (x)"]).CheckVersion();
        var thrown = Assert.Throws<NewerDatabaseException>(() => new SqliteFile(path, steps[..1]).CheckVersion());

        Assert.StartsWith(
            $"{path} was written by a newer version (schema 2, this one knows 1). Install", thrown.Message, StringComparison.Ordinal);
        using var sql = new SqliteFile(path, steps).Open();
        Assert.Equal(2, sql.Scalar<long>("SELECT COUNT(*) FROM sqlite_schema"));
    }

    [Fact]
    public void Execute_MoreTextsThanAreKept_AllRunAndOtherParametersAreRefused()
    {
        using var sql = new SqliteFile(_folder.File("x.db"), []).Open();
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 600; i++)
            {
                Assert.Equal(i + round, sql.Scalar<int>($"SELECT {i} + $round", ("$round", round)));
            }
        }

        Assert.Equal(1, sql.Scalar<int>("SELECT $a", ("$a", 1)));
        Assert.Throws<ArgumentException>(() => sql.Scalar<int>("SELECT $a", ("$b", 1)));
    }
}
