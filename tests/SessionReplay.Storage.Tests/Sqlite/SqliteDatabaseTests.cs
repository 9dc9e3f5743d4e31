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

    private SqliteDatabase Open(params string[] migrations) =>
        new(_folder.File("x.db"), migrations, string.Empty, static (message, e) => new CatalogUnavailableException(message, e));
}
