using Microsoft.Extensions.Options;
using SessionReplay.Keys;
using SessionReplay.Storage.ConformanceTests;
using SessionReplay.Storage.Keys;
using SessionReplay.Testing;

namespace SessionReplay.Storage.Tests.Keys;

public sealed class SqliteKeyStoreTests : KeyStoreConformance, IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<SqliteKeyStore> _stores = [];

    [Fact]
    public async Task Delete_Key_LeavesItsBytesInNoFile()
    {
        var entry = NewEntry();
        await Store.GetOrAddAsync(entry, default);
        Assert.True(FilesHold(entry.Key.Ciphertext.Span));

        await Store.DeleteAsync(entry.Id, default);

        Assert.False(FilesHold(entry.Key.Ciphertext.Span));
    }

    [Fact]
    public async Task Find_FileIsNoDatabase_ThrowsUnavailable()
    {
        await File.WriteAllTextAsync(_folder.File("broken.db"), new string('x', 5000));
        await using var store = Open("broken.db");

        await Assert.ThrowsAsync<KeyStoreUnavailableException>(async () => await store.FindAsync(NewEntry().Id, default));
        await Assert.ThrowsAsync<KeyStoreUnavailableException>(async () => await store.GetOrAddAsync(NewEntry(), default));
    }

    public override async Task DisposeAsync() => await ((IAsyncDisposable)this).DisposeAsync();

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        _folder.Dispose();
    }

    protected override Task<(IKeyStore Store, IKeyStore Other)> CreateStoresAsync()
    {
        _stores.AddRange([Open("keys.db"), Open("keys.db")]);
        return Task.FromResult<(IKeyStore, IKeyStore)>((_stores[0], _stores[1]));
    }

    private SqliteKeyStore Open(string file) =>
        new(Options.Create(new SqliteKeyStoreOptions { Path = _folder.File(file) }), TimeProvider.System);

    private bool FilesHold(ReadOnlySpan<byte> bytes)
    {
        foreach (var file in Directory.GetFiles(_folder.FullPath, "keys.db*"))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            if (content.AsSpan().IndexOf(bytes) >= 0)
            {
                return true;
            }
        }

        return false;
    }
}
