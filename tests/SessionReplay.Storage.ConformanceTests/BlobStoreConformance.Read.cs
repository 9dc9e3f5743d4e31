using System.Security.Cryptography;
using Xunit;

namespace SessionReplay.Storage.ConformanceTests;

/// <content>Reading and listing objects.</content>
public abstract partial class BlobStoreConformance
{
    [SkippableFact]
    public async Task OpenRead_NoObject_ThrowsNotFoundWithTheKey()
    {
        var error = await Assert.ThrowsAsync<BlobNotFoundException>(() => ReadAsync("missing.bin", 0, null));

        Assert.Equal(Root + "missing.bin", error.Key);
        await Assert.ThrowsAsync<BlobNotFoundException>(() => ReadAsync("missing.bin", 0, 10));
    }

    [SkippableTheory]
    [InlineData(4, 1)]
    [InlineData(2, 3)]
    [InlineData(100, 1)]
    public async Task OpenRead_RangeOutsideTheObject_Throws(long offset, long length)
    {
        await PutAsync("short.bin", [1, 2, 3, 4]);

        await Assert.ThrowsAnyAsync<ArgumentOutOfRangeException>(() => ReadAsync("short.bin", offset, length));
    }

    [SkippableFact]
    public async Task OpenRead_ManyReadersOfOneObject_AllReadTheirRanges()
    {
        var content = RandomNumberGenerator.GetBytes(300_000);
        await PutAsync("shared.bin", content);

        await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
            Assert.Equal(content[(i * 1000)..((i * 1000) + 90_000)], await ReadAsync("shared.bin", i * 1000, 90_000))));
    }

    [SkippableFact]
    public async Task List_ByPrefix_GivesKeysWithLengths()
    {
        string[] keys = ["a/1.bin", "a/10.bin", "a/2.bin", "a/2/x.bin", "aa/1.bin", "b.bin"];
        foreach (var key in keys)
        {
            await PutAsync(key, new byte[key.Length]);
        }

        Assert.Equal(keys.Order(StringComparer.Ordinal), (await ListAsync(string.Empty)).Select(Relative).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["a/1.bin", "a/10.bin", "a/2.bin", "a/2/x.bin"], (await ListAsync("a/")).Select(Relative).Order(StringComparer.Ordinal));
        Assert.Equal(["a/1.bin", "a/10.bin"], (await ListAsync("a/1")).Select(Relative).Order(StringComparer.Ordinal));
        Assert.All(await ListAsync(string.Empty), blob => Assert.Equal(Relative(blob).Length, blob.Length));
        Assert.All(await ListAsync(string.Empty), blob => Assert.InRange(blob.LastModified.Year, 2020, 2100));
        Assert.Empty(await ListAsync("nothing/"));
    }

    [SkippableFact]
    public async Task List_MoreThanAPage_GivesEveryKeyOnceAndDeleteRemovesThem()
    {
        await Parallel.ForEachAsync(
            Enumerable.Range(0, ManyObjects),
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (i, _) => await PutAsync($"many/{i:D5}.bin", [1]));

        var keys = (await ListAsync("many/")).Select(b => b.Key).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(Enumerable.Range(0, ManyObjects).Select(i => $"{Root}many/{i:D5}.bin"), keys);

        await DeleteManyAsync(keys);
        Assert.Empty(await ListAsync("many/"));
    }
}
