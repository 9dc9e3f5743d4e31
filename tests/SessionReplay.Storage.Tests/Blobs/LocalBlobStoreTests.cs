using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using SessionReplay.Storage.Blobs;
using SessionReplay.Storage.ConformanceTests;
using SessionReplay.Testing;

namespace SessionReplay.Storage.Tests.Blobs;

public sealed class LocalBlobStoreTests : BlobStoreConformance, IDisposable
{
    protected override bool JoinsLargeObjects => false;

    protected override bool Presigns => false;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Delete_LastObjectOfAFolder_RemovesTheFolder()
    {
        await PutAsync("day/session/part.bin", [1]);
        await Store.DeleteAsync([Root + "day/session/part.bin"], default);

        Assert.False(Directory.Exists(Path.Combine(_folder.FullPath, "tests")));
        Assert.True(Directory.Exists(_folder.FullPath));
    }

    [Fact]
    public async Task Put_WhileOthersDeleteInTheSameFolder_NeverFails()
    {
        await Parallel.ForAsync(0, 300, async (i, _) =>
        {
            await PutAsync($"busy/{i % 3}/x{i}.bin", [1]);
            await Store.DeleteAsync([$"{Root}busy/{i % 3}/x{i}.bin"], default);
        });

        Assert.Empty(await ListAsync(string.Empty));
    }

    [Fact]
    public async Task Put_AnyOutcome_LeavesNoTemporaryFile()
    {
        await PutAsync("kept.bin", [1]);
        using var wrong = new MemoryStream([1, 2]);
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.PutAsync("wrong.bin", wrong, 5, default));

        Assert.Empty(Directory.GetFiles(Path.Combine(_folder.FullPath, ".tmp")));
    }

    [Fact]
    public async Task Put_BeyondMaxBytes_IsRefusedUntilObjectsAreDeleted()
    {
        var store = Bounded(options => options.MaxBytes = 1 << 20);
        await PutAsync(store, "a.bin", 600_000);
        var error = await Assert.ThrowsAsync<BlobStoreUnavailableException>(() => PutAsync(store, "b.bin", 600_000));
        Assert.Contains("MaxBytes (1048576)", error.InnerException!.Message, StringComparison.Ordinal);
        // Another process on the same folder counts what is there.
        await Assert.ThrowsAsync<BlobStoreUnavailableException>(
            () => PutAsync(Bounded(options => options.MaxBytes = 1 << 20), "b.bin", 600_000));

        await store.DeleteAsync(["a.bin"], default);
        await PutAsync(store, "b.bin", 600_000);
        Assert.Empty(Directory.GetFiles(_folder.File("bounded/.tmp")));
    }

    [Fact]
    public async Task Put_DiskBelowItsFloor_IsRefusedAndDeletionWorks()
    {
        await PutAsync(Bounded(_ => { }), "a.bin", 10);
        var store = Bounded(options => options.MinFreeBytes = 1L << 62);

        var error = await Assert.ThrowsAsync<BlobStoreUnavailableException>(() => PutAsync(store, "b.bin", 10));
        Assert.Contains("MinFreeBytes", error.InnerException!.Message, StringComparison.Ordinal);
        await store.DeleteAsync(["a.bin"], default);
        Assert.False(File.Exists(_folder.File("bounded/a.bin")));
    }

    [Fact]
    public async Task Put_LeftOversOfAKilledProcess_AreRemovedAndThoseOfALivingOneStay()
    {
        Directory.CreateDirectory(_folder.File("bounded/.tmp"));
        await File.WriteAllTextAsync(_folder.File("bounded/.tmp/old.tmp"), "x");
        await File.WriteAllTextAsync(_folder.File("bounded/.tmp/new.tmp"), "x");
        File.SetLastWriteTimeUtc(_folder.File("bounded/.tmp/old.tmp"), TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-1));

        await PutAsync(Bounded(_ => { }), "a.bin", 10);

        Assert.Equal([_folder.File("bounded/.tmp/new.tmp")], Directory.GetFiles(_folder.File("bounded/.tmp")));
    }

    private LocalBlobStore Bounded(Action<LocalBlobStoreOptions> configure)
    {
        var options = new LocalBlobStoreOptions { Path = _folder.File("bounded"), MinFreeBytes = 0 };
        configure(options);
        return new(Options.Create(options), TimeProvider.System);
    }

    private static async Task PutAsync(LocalBlobStore store, string key, int bytes)
    {
        using var content = new MemoryStream(new byte[bytes]);
        await store.PutAsync(key, content, bytes, default);
    }

    [Fact]
    public async Task Put_FolderIsAFile_ThrowsUnavailable()
    {
        await File.WriteAllTextAsync(_folder.File("plain"), "x");
        var store = new LocalBlobStore(Options.Create(new LocalBlobStoreOptions { Path = _folder.File("plain") }), TimeProvider.System);
        using var content = new MemoryStream([1]);

        await Assert.ThrowsAsync<BlobStoreUnavailableException>(async () => await store.PutAsync("a.bin", content, 1, default));
    }

    [Fact]
    public async Task List_FolderIsAFile_ThrowsUnavailable()
    {
        await File.WriteAllTextAsync(_folder.File("plain"), "x");
        var store = new LocalBlobStore(Options.Create(new LocalBlobStoreOptions { Path = _folder.File("plain") }), TimeProvider.System);

        await Assert.ThrowsAsync<BlobStoreUnavailableException>(async () => await FirstAsync(store));
    }

    [Fact]
    public async Task List_FolderThatMayNotBeRead_ThrowsUnavailable()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await PutAsync("a/b.bin", [1]);
        var folder = Path.Combine(_folder.FullPath, Root, "a");
        File.SetUnixFileMode(folder, UnixFileMode.None);
        // Root may read everything: this thread's step is done as somebody else's.
        const uint Superuser = 0, Nobody = 65534;
        ValueTask<bool> step;
        try
        {
            _ = Environment.IsPrivilegedProcess ? SetFileSystemUser(Nobody) : 0;
            step = FirstAsync(Store);
        }
        finally
        {
            _ = Environment.IsPrivilegedProcess ? SetFileSystemUser(Superuser) : 0;
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        Assert.True(step.IsCompleted, "A listing that waits goes on in another thread.");
        await Assert.ThrowsAsync<BlobStoreUnavailableException>(async () => await step);
    }

    private static ValueTask<bool> FirstAsync(IBlobStore store) => store.ListAsync("", default).GetAsyncEnumerator().MoveNextAsync();

    [DllImport("libc", EntryPoint = "setfsuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetFileSystemUser(uint id);

    protected override Task<IBlobStore> CreateStoreAsync() =>
        Task.FromResult<IBlobStore>(
            new LocalBlobStore(Options.Create(new LocalBlobStoreOptions { Path = _folder.FullPath }), TimeProvider.System));
}
