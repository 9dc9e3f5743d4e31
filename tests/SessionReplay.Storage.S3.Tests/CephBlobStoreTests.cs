using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SessionReplay.Storage.ConformanceTests;
using SessionReplay.Testing;

namespace SessionReplay.Storage.S3.Tests;

/// <summary>The store against a real Ceph radosgw.</summary>
[Collection(nameof(CephFixture))]
public sealed class CephBlobStoreTests(CephFixture ceph) : BlobStoreConformance
{
    protected override bool JoinsLargeObjects => true;

    protected override bool Presigns => true;

    [SkippableFact]
    public async Task SetUp_TwiceWithRules_MakesTheBucketAndReplacesItsRules()
    {
        var options = ceph.Options(bucket: "set-up-" + Guid.CreateVersion7().ToString("N")[..12]);
        using var client = S3ClientFactory.Create(options);
        var store = new S3BlobStore(client, Microsoft.Extensions.Options.Options.Create(options));

        var first = await store.SetUpAsync([new("shop/", 30), new("blog/", 7)], default);
        var second = await store.SetUpAsync([new("shop/", 60)], default);

        Assert.Contains(first, line => line.StartsWith("Made the bucket", StringComparison.Ordinal));
        Assert.Contains(second, line => line.EndsWith("is there.", StringComparison.Ordinal));
        var rules = (await client.GetLifecycleConfigurationAsync(options.Bucket)).Configuration.Rules;
        var retention = Assert.Single(rules, r => r.Expiration?.Days > 0);
        Assert.Equal(60, retention.Expiration.Days);
        Assert.Contains(rules, r => r.AbortIncompleteMultipartUpload?.DaysAfterInitiation == 1);
    }

    [SkippableTheory]
    [InlineData(6, false)]
    [InlineData(40, true)]
    public async Task TryConcatenate_LargePart_IsJoinedOnlyWhereAnUploadTakesAsManyRequests(int megabytes, bool joined)
    {
        var options = ceph.Options();
        options.PartBytes = 8 * 1024 * 1024;
        using var client = S3ClientFactory.Create(options);
        var store = new S3BlobStore(client, Microsoft.Extensions.Options.Options.Create(options));
        var length = megabytes * 1024 * 1024;
        using var content = new MemoryStream(new byte[length]);
        await store.PutAsync(Root + "large.bin", content, length, default);

        Assert.Equal(joined, await store.TryConcatenateAsync(
            Root + "joined.bin", [new(new byte[16]), new(Root + "large.bin", 0, length), new(new byte[] { 7 })], default));

        Assert.Equal(joined ? 2 : 1, (await ListAsync(string.Empty)).Count);
    }

    [SkippableFact]
    public async Task Put_ServerSideEncryptionAndKeyPrefix_AreApplied()
    {
        var options = ceph.Options();
        options.KeyPrefix = "prefix/";
        options.StorageClass = "STANDARD";
        using var client = S3ClientFactory.Create(options);
        var store = new S3BlobStore(client, Microsoft.Extensions.Options.Options.Create(options));
        using var content = new MemoryStream([1, 2, 3]);

        await store.PutAsync(Root + "session_encrypted.bin", content, 3, default);

        var head = await client.GetObjectMetadataAsync(options.Bucket, "prefix/" + Root + "session_encrypted.bin");
        Assert.Equal(3, head.ContentLength);
        var keys = new List<string>();
        await foreach (var blob in store.ListAsync(Root, default))
        {
            keys.Add(blob.Key);
        }

        Assert.Equal([Root + "session_encrypted.bin"], keys);
    }

    [SkippableFact]
    public async Task AnyCall_BucketMissing_SaysSo() => await AssertBucketMissingAsync(await ceph.CreateStoreWithoutBucketAsync());

    [SkippableFact]
    public async Task Put_NobodyListens_ThrowsUnavailable()
    {
        var options = ceph.Options();
        options.ServiceUrl = $"http://127.0.0.1:{SessionReplay.Testing.FreePort.Next()}";
        using var client = S3ClientFactory.Create(options);
        var store = new S3BlobStore(client, Microsoft.Extensions.Options.Options.Create(options));
        using var content = new MemoryStream([1]);

        await Assert.ThrowsAsync<BlobStoreUnavailableException>(async () => await store.PutAsync("a.bin", content, 1, default));
        await Assert.ThrowsAsync<BlobStoreUnavailableException>(async () => await store.OpenReadAsync("a.bin", 0, null, default));
        await Assert.ThrowsAsync<BlobStoreUnavailableException>(async () => await store.DeleteAsync(["a.bin"], default));
    }

    [SkippableTheory]
    [InlineData("recordings", HealthStatus.Healthy)]
    [InlineData("not-there", HealthStatus.Unhealthy)]
    public async Task HealthCheck_Bucket_TellsWhetherItAnswers(string bucket, HealthStatus expected)
    {
        var there = ceph.Options(bucket);
        var builder = new TestBuilder();
        builder.AddS3Storage(
            o => (o.Preset, o.ServiceUrl, o.Bucket, o.AccessKey, o.SecretKey) = (
                there.Preset, there.ServiceUrl, bucket, there.AccessKey, there.SecretKey));
        await using var provider = builder.Services.BuildServiceProvider();

        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(expected, report.Entries["session-replay-storage-s3"].Status);
    }

    /// <summary>This version of Ceph keeps to If-None-Match for an object that is sent whole, and ignores it for one in parts.</summary>
    protected override bool CanRefuseToReplace(int size) => size < 5 * 1024 * 1024;

    protected override async Task<IBlobStore> CreateStoreAsync() => await ceph.CreateStoreAsync();
}
