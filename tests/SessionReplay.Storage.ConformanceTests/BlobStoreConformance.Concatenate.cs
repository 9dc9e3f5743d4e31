using System.Security.Cryptography;
using Xunit;

namespace SessionReplay.Storage.ConformanceTests;

/// <content>Concatenation: a store may refuse what it cannot or what its rules do not allow, but then it writes nothing.</content>
public abstract partial class BlobStoreConformance
{
    /// <summary>Gets whether the store must be able to join whole objects of 6 MiB with a small head and tail.</summary>
    protected abstract bool JoinsLargeObjects { get; }

    [SkippableFact]
    public async Task TryConcatenate_HeadLargeObjectsAndTail_GivesTheirBytesInOrder()
    {
        var first = RandomNumberGenerator.GetBytes(6 * 1024 * 1024);
        var second = RandomNumberGenerator.GetBytes(6 * 1024 * 1024);
        await PutAsync("first.bin", first);
        await PutAsync("second.bin", second);

        var done = await Store.TryConcatenateAsync(
            Root + "joined.bin",
            [new(new byte[16]), new(Root + "first.bin", 0, first.Length), new(Root + "second.bin", 0, second.Length),
            new(new byte[] { 7, 8, 9 })],
            default);

        Assert.Equal(JoinsLargeObjects, done);
        if (done)
        {
            Assert.Equal([.. new byte[16], .. first, .. second, 7, 8, 9], await ReadAsync("joined.bin", 0, null));
        }

        Assert.Equal(done ? 3 : 2, (await ListAsync(string.Empty)).Count);
    }

    [SkippableFact]
    public async Task TryConcatenate_SmallRangesOutOfOrder_GivesTheirBytesOrRefuses()
    {
        var content = RandomNumberGenerator.GetBytes(1000);
        await PutAsync("parts.bin", content);

        var done = await Store.TryConcatenateAsync(
            Root + "small.bin", [new(Root + "parts.bin", 500, 500), new(Root + "parts.bin", 0, 500), new(new byte[] { 1 })], default);

        if (done)
        {
            Assert.Equal([.. content[500..], .. content[..500], 1], await ReadAsync("small.bin", 0, null));
        }

        Assert.Equal(done ? 2 : 1, (await ListAsync(string.Empty)).Count);
    }

    [SkippableFact]
    public async Task TryConcatenate_SourceMissing_ThrowsOrRefusesAndWritesNothing()
    {
        try
        {
            Assert.False(await Store.TryConcatenateAsync(
                Root + "broken.bin", [new(Root + "gone.bin", 0, 6 * 1024 * 1024), new(Root + "gone.bin", 0, 6 * 1024 * 1024)], default));
        }
        catch (BlobNotFoundException e)
        {
            Assert.Equal(Root + "gone.bin", e.Key);
        }

        Assert.Empty(await ListAsync(string.Empty));
    }
}
