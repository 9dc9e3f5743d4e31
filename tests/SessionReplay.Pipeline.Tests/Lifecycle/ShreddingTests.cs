namespace SessionReplay.Pipeline.Tests.Lifecycle;

/// <summary>The promise on the embedded defaults, down to the bytes of all files.</summary>
public sealed class ShreddingTests : ShreddingSuite
{
    protected override void Configure(ISessionReplayBuilder replay, string data)
    {
        // The files of the data directory.
    }

    protected override Task CopyDatabasesAsync(string copy) => Task.CompletedTask;

    protected override void UseRemainingKeys(string copy)
    {
        Directory.Delete(File($"{copy}/keys"), recursive: true);
        DataFiles.CopyFolder(File("copy-deleted/keys"), File($"{copy}/keys"));
    }

    protected override List<byte[]> Rows(string copy, string database, string sql, byte[] id) =>
        DataFiles.SqliteRows(File($"{copy}/{(database == "keys" ? "keys/keys.db" : "catalog.db")}"), sql, id);

    protected override Task AssertKeysAreGoneAsync(IReadOnlyList<byte[]> wrapped)
    {
        foreach (var key in wrapped)
        {
            Assert.NotEmpty(DataFiles.FilesWith(Files("copy-stored/keys"), key));
            Assert.Empty(DataFiles.FilesWith([.. Files("copy-deleted"), .. Files("copy-deleted-live"), .. Files("data")], key));
            // And in no file but the key store's own, whose backups operators let expire.
            Assert.All(DataFiles.FilesWith(Files("."), key), file => Assert.Contains("/keys/keys.db", file, StringComparison.Ordinal));
        }

        return Task.CompletedTask;
    }
}
