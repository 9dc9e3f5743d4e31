using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Storage.ConformanceTests;

namespace SessionReplay.Storage.Tests.Replication;

/// <summary>The contract of a store, on s3rver and Azurite, made by the configuration. Neither joins objects.</summary>
public sealed class ReplicatedS3AndAzureTests(ReplicatedS3AndAzureTests.Fixture fixture)
    : BlobStoreConformance, IClassFixture<ReplicatedS3AndAzureTests.Fixture>
{
    /// <summary>s3rver fails when a second page of a listing is asked for.</summary>
    protected override int ManyObjects => 900;

    /// <summary>s3rver leaves a mix of what writers of one key at once write.</summary>
    protected override int WritersAtOnce => 1;

    /// <summary>s3rver, which is read first, ignores If-None-Match.</summary>
    protected override bool CanRefuseToReplace(int size) => false;

    protected override bool JoinsLargeObjects => false;

    protected override bool Presigns => true;

    /// <summary>s3rver checks no signature of a URL; Ceph does.</summary>
    protected override bool ChecksSignatures => false;

    protected override async Task<IBlobStore> CreateStoreAsync() => (await fixture.Host).Services.GetRequiredService<IBlobStore>();

    public sealed class Fixture : IAsyncLifetime
    {
        private readonly ReplicatedHost _host = new();
        private readonly Lazy<Task<ReplicatedHost>> _started;

        public Fixture() => _started = new(async () =>
        {
            await _host.StartAsync();
            return _host;
        });

        internal Task<ReplicatedHost> Host => _started.Value;

        public Task InitializeAsync() => Task.CompletedTask;

        public async Task DisposeAsync() => await _host.DisposeAsync();
    }
}
