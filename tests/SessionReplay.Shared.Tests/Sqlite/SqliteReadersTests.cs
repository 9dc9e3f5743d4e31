using Microsoft.Data.Sqlite;
using SessionReplay.Sqlite;
using SessionReplay.Testing;

namespace SessionReplay.Shared.Tests.Sqlite;

public sealed class SqliteReadersTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SqliteFile _file;
    private readonly SqliteReaders _readers;

    public SqliteReadersTests()
    {
        _file = new SqliteFile(_folder.File("x.db"), ["CREATE TABLE a (x)"]);
        _readers = new SqliteReaders(_file);
    }

    public void Dispose()
    {
        _readers.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Read_WrittenInBetween_SeesOneState()
    {
        using var writer = _file.Open();
        var counts = _readers.Read(sql =>
        {
            var before = Count(sql);
            writer.Execute("INSERT INTO a VALUES (1)");
            return (before, Count(sql));
        });

        Assert.Equal((0, 0), counts);
        Assert.Equal(1, _readers.Read(Count));
    }

    [Fact]
    public void Use_OneAfterTheOther_KeepsTheConnection()
    {
        var first = _readers.Use(static sql => sql);

        Assert.Same(first, _readers.Use(static sql => sql));
    }

    [Fact]
    public void Use_SqliteFails_DropsTheConnection()
    {
        SqliteStatements? failed = null;
        Assert.Throws<SqliteException>(() => _readers.Use(sql =>
        {
            failed = sql;
            return sql.Execute("SELECT nothing FROM nowhere");
        }));

        Assert.NotSame(failed, _readers.Use(static sql => sql));
    }

    [Fact]
    public void Use_Disposed_Throws()
    {
        _readers.Dispose();

        Assert.Throws<ObjectDisposedException>(() => _readers.Use(Count));
    }

    private static int Count(SqliteStatements sql) => sql.Scalar<int>("SELECT count(*) FROM a");
}
