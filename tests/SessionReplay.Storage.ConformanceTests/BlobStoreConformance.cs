using System.Security.Cryptography;
using Xunit;

namespace SessionReplay.Storage.ConformanceTests;

/// <summary>What every <see cref="IBlobStore"/> must do. Subclass it in the adapter's test project.</summary>
public abstract partial class BlobStoreConformance : IAsyncLifetime
{
    /// <summary>Gives every test keys of its own, so that all may share one store.</summary>
    protected string Root { get; } = $"tests/{Guid.CreateVersion7():N}/";

    protected IBlobStore Store { get; private set; } = null!;

    /// <summary>How many write one key at the same time.</summary>
    protected virtual int WritersAtOnce => 8;

    /// <summary>Gets more objects than the store lists in one page.</summary>
    protected virtual int ManyObjects => 1_100;

    /// <summary>
    /// Whether the peer keeps the first of two objects that are written once under one key; the contract leaves it to stores that can.
    /// </summary>
    protected virtual bool CanRefuseToReplace(int size) => true;

    public async Task InitializeAsync() => Store = await CreateStoreAsync();

    public virtual Task DisposeAsync() => Task.CompletedTask;

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(200_000)]
    [InlineData(12 * 1024 * 1024)]
    public async Task Put_AnySize_ReadsBackWholeAndByRange(int size)
    {
        var content = RandomNumberGenerator.GetBytes(size);

        await PutAsync("object.bin", content);

        Assert.Equal(content, await ReadAsync("object.bin", 0, null));
        Assert.Equal(content, await ReadAsync("object.bin", 0, size));
        if (size > 1)
        {
            Assert.Equal(content[1..], await ReadAsync("object.bin", 1, null));
            Assert.Equal(content[(size / 2)..((size / 2) + 1)], await ReadAsync("object.bin", size / 2, 1));
            Assert.Equal(content[(size / 3)..(size - 1)], await ReadAsync("object.bin", size / 3, size - 1 - (size / 3)));
        }
    }

    [SkippableFact]
    public async Task Put_ContentNotSeekable_ReadsBack()
    {
        var content = RandomNumberGenerator.GetBytes(9 * 1024 * 1024);
        using var stream = new TrickleStream(content);

        await Store.PutAsync(Root + "stream.bin", stream, content.Length, default);

        Assert.Equal(content, await ReadAsync("stream.bin", 0, null));
    }

    [SkippableFact]
    public async Task Put_ContentFromItsPosition_WritesTheRest()
    {
        using var stream = new MemoryStream([1, 2, 3, 4, 5]) { Position = 2 };

        await Store.PutAsync(Root + "rest.bin", stream, 3, default);

        Assert.Equal([3, 4, 5], await ReadAsync("rest.bin", 0, null));
    }

    [SkippableFact]
    public async Task Put_SameKeyTwice_ReplacesTheObject()
    {
        await PutAsync("twice.bin", [1, 2, 3, 4]);
        await PutAsync("twice.bin", [5, 6]);

        Assert.Equal([5, 6], await ReadAsync("twice.bin", 0, null));
        Assert.Equal(2, Assert.Single(await ListAsync("twice.bin")).Length);
    }

    [SkippableTheory]
    [InlineData(1_000)]
    [InlineData(12 * 1024 * 1024)]
    public async Task Create_SameKeyTwice_CountsAsWritten(int size)
    {
        var first = RandomNumberGenerator.GetBytes(size);
        await CreateAsync("once.bin", first);
        var second = CanRefuseToReplace(size) ? RandomNumberGenerator.GetBytes(size) : first;
        await CreateAsync("once.bin", second);

        Assert.Equal(first, await ReadAsync("once.bin", 0, null));
    }

    [SkippableTheory]
    [InlineData(3)]
    [InlineData(5)]
    public async Task Put_WrongLength_ThrowsAndWritesNothing(int told)
    {
        using var stream = new MemoryStream([1, 2, 3, 4]);

        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.PutAsync(Root + "wrong.bin", stream, told, default));

        Assert.Empty(await ListAsync("wrong.bin"));
        await Assert.ThrowsAsync<BlobNotFoundException>(() => ReadAsync("wrong.bin", 0, null));
    }

    [SkippableFact]
    public async Task Put_LargeContentFails_WritesNothing()
    {
        var content = new byte[12 * 1024 * 1024];
        using var stream = new TrickleStream(content, failAt: content.Length - 10);

        await Assert.ThrowsAnyAsync<Exception>(async () => await Store.PutAsync(Root + "failed.bin", stream, content.Length, default));

        Assert.Empty(await ListAsync("failed.bin"));
    }

    [SkippableFact]
    public async Task Put_Cancelled_Throws()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        using var stream = new MemoryStream(new byte[100]);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Store.PutAsync(Root + "cancelled.bin", stream, 100, cancelled.Token));
    }

    [SkippableFact]
    public async Task Put_ManyAtOnceToOneKey_LeavesOneOfThemWhole()
    {
        var contents = Enumerable.Range(1, 8).Select(i => Enumerable.Repeat((byte)i, 50_000 + i).ToArray()).ToArray();

        foreach (var together in contents.Chunk(WritersAtOnce))
        {
            await Task.WhenAll(together.Select(content => PutAsync("race.bin", content)));
        }

        var left = await ReadAsync("race.bin", 0, null);
        Assert.Contains(contents, content => content.AsSpan().SequenceEqual(left));
    }

    [SkippableFact]
    public async Task Delete_SomeMissing_DeletesTheOthers()
    {
        await PutAsync("one.bin", [1]);
        await PutAsync("two.bin", [2]);

        await Store.DeleteAsync([Root + "one.bin", Root + "never-there.bin"], default);
        await Store.DeleteAsync([], default);

        Assert.Equal(["two.bin"], (await ListAsync(string.Empty)).Select(Relative).Order(StringComparer.Ordinal));
        await Assert.ThrowsAsync<BlobNotFoundException>(() => ReadAsync("one.bin", 0, null));
    }

    [SkippableFact]
    public async Task Put_AfterDelete_WritesAgain()
    {
        await PutAsync("again/x.bin", [1]);
        await Store.DeleteAsync([Root + "again/x.bin"], default);
        await PutAsync("again/x.bin", [2]);

        Assert.Equal([2], await ReadAsync("again/x.bin", 0, null));
    }

    [SkippableTheory]
    [InlineData("")]
    [InlineData("/absolute")]
    [InlineData("a//b")]
    [InlineData("../up")]
    [InlineData("a/../../b")]
    [InlineData("a/./b")]
    [InlineData("a/")]
    [InlineData("a\\b")]
    [InlineData("a\0b")]
    [InlineData("a b")]
    [InlineData("ä")]
    public async Task AnyCall_HostileKey_Throws(string key)
    {
        using var stream = new MemoryStream([1]);

        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.PutAsync(key, stream, 1, default));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.OpenReadAsync(key, 0, null, default));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.DeleteAsync([key], default));
    }

    /// <summary>Gives the store under test; the adapter skips here when its peer is missing.</summary>
    protected abstract Task<IBlobStore> CreateStoreAsync();

    /// <summary>
    /// Shows that a store whose bucket or container <c>not-there</c> is missing says so, and not that an object is missing.
    /// </summary>
    protected static async Task AssertBucketMissingAsync(IBlobStore store)
    {
        using var content = new MemoryStream([1]);
        foreach (var call in new Func<Task>[]
        {
            async () => await store.OpenReadAsync("a.bin", 0, null, default),
            async () => await store.OpenReadAsync("a.bin", 1, 5, default),
            async () => await store.OpenReadAsync("a.bin", 0, 0, default),
            async () => await store.PutAsync("a.bin", content, 1, default),
            async () => await store.DeleteAsync(["a.bin"], default),
            async () => await store.ListAsync("a", default).GetAsyncEnumerator().MoveNextAsync(),
        })
        {
            var error = await Assert.ThrowsAsync<BlobStoreUnavailableException>(call);
            Assert.EndsWith("'not-there' is not there.", error.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Deletes many objects in one call.</summary>
    protected virtual async Task DeleteManyAsync(IReadOnlyCollection<string> keys) => await Store.DeleteAsync(keys, default);

    protected async Task PutAsync(string key, byte[] content)
    {
        using var stream = new MemoryStream(content);
        await Store.PutAsync(Root + key, stream, content.Length, default);
    }

    protected async Task CreateAsync(string key, byte[] content)
    {
        using var stream = new MemoryStream(content);
        await Store.CreateAsync(Root + key, stream, content.Length, default);
    }

    protected async Task<byte[]> ReadAsync(string key, long offset, long? length)
    {
        await using var stream = await Store.OpenReadAsync(Root + key, offset, length, default);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    protected async Task<IReadOnlyList<BlobInfo>> ListAsync(string prefix)
    {
        var found = new List<BlobInfo>();
        await foreach (var blob in Store.ListAsync(Root + prefix, default))
        {
            found.Add(blob);
        }

        return found;
    }

    private string Relative(BlobInfo blob) => blob.Key[Root.Length..];
}
