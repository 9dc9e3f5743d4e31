using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using SessionReplay.Storage.ConformanceTests;
using SessionReplay.Testing;
using SessionReplay.Testing.Peers;

namespace SessionReplay.Storage.Gcs.Tests;

/// <summary>
/// The store against the emulator of firebase-tools. It ends a resumable upload with its first part, ignores ifGenerationMatch
/// and compares no checksum: those three are shown in <see cref="GcsProtocolTests"/>.
/// </summary>
public sealed class GcsEmulatorBlobStoreTests(GcsEmulatorBlobStoreTests.Fixture fixture)
    : BlobStoreConformance, IClassFixture<GcsEmulatorBlobStoreTests.Fixture>
{
    private static readonly IValidateOptions<GcsStorageOptions> Validator = new GcsStorageOptionsValidator("A:B");

    protected override bool JoinsLargeObjects => false;

    protected override bool Presigns => false;

    [SkippableFact]
    public async Task Put_StorageClass_UploadsInOneResumablePart()
    {
        await fixture.Store;
        await using var provider = fixture.Services(o => o.StorageClass = "NEARLINE").BuildServiceProvider();
        var store = provider.GetRequiredService<IBlobStore>();
        using var content = new MemoryStream([1, 2, 3]);

        await store.PutAsync(Root + "session_encrypted.bin", content, 3, default);

        Assert.Equal([1, 2, 3], await ReadAsync("session_encrypted.bin", 0, null));
    }

    [SkippableFact]
    public async Task Put_NobodyListens_ThrowsUnavailable()
    {
        await using var provider = fixture.Services(o => o.ServiceUrl = $"http://127.0.0.1:{FreePort.Next()}").BuildServiceProvider();
        var store = provider.GetRequiredService<IBlobStore>();
        using var content = new MemoryStream([1]);

        await Assert.ThrowsAsync<BlobStoreUnavailableException>(async () => await store.PutAsync("a.bin", content, 1, default));
        await Assert.ThrowsAsync<BlobStoreUnavailableException>(async () => await store.OpenReadAsync("a.bin", 0, null, default));
        await Assert.ThrowsAsync<BlobStoreUnavailableException>(async () => await store.DeleteAsync(["a.bin"], default));
    }

    [SkippableFact]
    public async Task HealthCheck_TellsWhetherTheStoreAnswers()
    {
        await fixture.Store;
        await using var there = fixture.Services().BuildServiceProvider();
        await using var away = fixture.Services(o => o.ServiceUrl = $"http://127.0.0.1:{FreePort.Next()}").BuildServiceProvider();

        var healthy = await there.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        var unhealthy = await away.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(HealthStatus.Healthy, healthy.Entries["session-replay-storage-gcs"].Status);
        Assert.Equal(HealthStatus.Unhealthy, unhealthy.Entries["session-replay-storage-gcs"].Status);
    }

    [Theory]
    [InlineData("", "https://storage.googleapis.com", 262144, "Bucket")]
    [InlineData("bucket", "not a url", 262144, "ServiceUrl")]
    [InlineData("bucket", "https://storage.googleapis.com", 300_000, "PartBytes")]
    public void Validate_BadOption_NamesIt(string bucket, string endpoint, int partSize, string name)
    {
        var result = Validator.Validate(
            null, new() { Bucket = bucket, ServiceUrl = endpoint, PartBytes = partSize });

        Assert.True(result.Failed);
        Assert.Contains(name, result.FailureMessage, StringComparison.Ordinal);
    }

    protected override bool CanRefuseToReplace(int size) => false;

    protected override async Task<IBlobStore> CreateStoreAsync() => await fixture.Store;

    public sealed class Fixture : IAsyncLifetime
    {
        private readonly GcsEmulator _server = new();
        private readonly Lazy<Task<IBlobStore>> _store;
        private ServiceProvider? _provider;

        public Fixture() => _store = new(StartAsync);

        internal Task<IBlobStore> Store => _store.Value;

        internal IServiceCollection Services(Action<GcsStorageOptions>? change = null)
        {
            var builder = new TestBuilder();
            builder.AddGcsStorage(o =>
            {
                o.ServiceUrl = _server.ServiceUrl;
                o.Anonymous = true;
                o.Bucket = "recordings";
                // The emulator ends an upload with its first part; parts are shown in GcsProtocolTests.
                o.PartBytes = 16 * 1024 * 1024;
                change?.Invoke(o);
            });
            return builder.Services;
        }

        public Task InitializeAsync() => Task.CompletedTask;

        public async Task DisposeAsync()
        {
            if (_provider is not null)
            {
                await _provider.DisposeAsync();
            }

            await _server.DisposeAsync();
        }

        private async Task<IBlobStore> StartAsync()
        {
            await _server.StartProcessAsync();
            _provider = Services().BuildServiceProvider();
            return _provider.GetRequiredService<IBlobStore>();
        }
    }
}
