using Amazon.S3;
using SessionReplay.Testing.Peers;

namespace SessionReplay.Storage.S3.Tests;

/// <summary>One Ceph cluster for all tests of the project.</summary>
[CollectionDefinition(nameof(CephFixture))]
public sealed class CephFixture : ICollectionFixture<CephFixture>, IAsyncDisposable, IDisposable
{
    private readonly Lazy<Task<CephCluster>> _cluster = new(CephCluster.StartAsync);
    private IAmazonS3? _client;

    public S3StorageOptions Options(string bucket = "recordings") => new()
    {
        Preset = S3Preset.Ceph,
        ServiceUrl = _cluster.Value.Result.ServiceUrl,
        Bucket = bucket,
        AccessKey = _cluster.Value.Result.AccessKey,
        SecretKey = _cluster.Value.Result.SecretKey,
        PartBytes = 5 * 1024 * 1024,
    };

    internal async Task<S3BlobStore> CreateStoreWithoutBucketAsync()
    {
        await CreateStoreAsync();
        return new(_client!, Microsoft.Extensions.Options.Options.Create(Options("not-there")));
    }

    internal async Task<S3BlobStore> CreateStoreAsync()
    {
        await _cluster.Value;
        var options = Options();
        _client ??= S3ClientFactory.Create(options);
        var store = new S3BlobStore(_client, Microsoft.Extensions.Options.Options.Create(options));
        await store.SetUpAsync([], default);
        return store;
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_cluster.IsValueCreated && _cluster.Value.IsCompletedSuccessfully)
        {
            await _cluster.Value.Result.DisposeAsync();
        }
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();
}
