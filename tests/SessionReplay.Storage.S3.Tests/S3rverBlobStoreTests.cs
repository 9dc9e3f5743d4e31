using Amazon.S3;
using SessionReplay.Storage.ConformanceTests;
using SessionReplay.Testing.Peers;

namespace SessionReplay.Storage.S3.Tests;

/// <summary>The store against s3rver. It does not know UploadPartCopy, so it joins nothing.</summary>
public sealed class S3rverBlobStoreTests(S3rverBlobStoreTests.Fixture fixture)
    : BlobStoreConformance, IClassFixture<S3rverBlobStoreTests.Fixture>
{
    protected override bool JoinsLargeObjects => false;

    protected override bool Presigns => true;

    /// <summary>s3rver checks no signature of a URL; Ceph does.</summary>
    protected override bool ChecksSignatures => false;

    [SkippableFact]
    public async Task AnyCall_BucketMissing_SaysSo() => await AssertBucketMissingAsync(await fixture.CreateStoreAsync("not-there"));

    /// <summary>s3rver fails with InternalError when a second page of a listing is asked for; paging is shown on Ceph.</summary>
    protected override int ManyObjects => 900;

    /// <summary>
    /// s3rver writes an object and its hash apart, so that writers who meet leave a mix of theirs; the race is shown on Ceph.
    /// </summary>
    protected override int WritersAtOnce => 1;

    /// <summary>s3rver ignores If-None-Match; Ceph refuses.</summary>
    protected override bool CanRefuseToReplace(int size) => false;

    /// <summary>
    /// s3rver removes emptied folders while it deletes others' files in them, and then answers InternalError: the call is made again, as
    /// the contract says.
    /// </summary>
    protected override async Task DeleteManyAsync(IReadOnlyCollection<string> keys)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await base.DeleteManyAsync(keys);
                return;
            }
            catch (BlobStoreUnavailableException) when (attempt < 10)
            {
                await Task.Delay(200);
            }
        }
    }

    protected override async Task<IBlobStore> CreateStoreAsync() => await fixture.Store;

    public sealed class Fixture : IAsyncLifetime
    {
        private readonly S3rver _server = new();
        private IAmazonS3? _client;

        internal Task<S3BlobStore> Store => _store.Value;

        private readonly Lazy<Task<S3BlobStore>> _store;

        public Fixture() => _store = new(StartAsync);

        public Task InitializeAsync() => Task.CompletedTask;

        public async Task DisposeAsync()
        {
            _client?.Dispose();
            await _server.DisposeAsync();
        }

        internal async Task<S3BlobStore> CreateStoreAsync(string bucket)
        {
            await _store.Value;
            return new(_client!, Microsoft.Extensions.Options.Options.Create(Options(bucket)));
        }

        private async Task<S3BlobStore> StartAsync()
        {
            await _server.StartProcessAsync();
            var options = Options(S3rver.Bucket);
            _client = S3ClientFactory.Create(options);
            return new S3BlobStore(_client, Microsoft.Extensions.Options.Options.Create(options));
        }

        private S3StorageOptions Options(string bucket) => new()
        {
            Preset = S3Preset.MinIO,
            ServiceUrl = _server.ServiceUrl,
            Bucket = bucket,
            AccessKey = S3rver.AccessKey,
            SecretKey = S3rver.SecretKey,
            PartBytes = 5 * 1024 * 1024,
        };
    }
}
