using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Storage.ConformanceTests;
using SessionReplay.Testing;
using SessionReplay.Testing.Peers;

namespace SessionReplay.Storage.Gcs.Tests;

/// <summary>The whole contract, composition included, against the emulator behind <see cref="ComposingProxy"/>.</summary>
public sealed class GcsConcatenatorTests(GcsConcatenatorTests.Fixture fixture) : BlobConcatenatorConformance, IClassFixture<GcsConcatenatorTests.Fixture>
{
    [SkippableFact]
    public async Task TryConcatenate_WholeObjects_GoesThroughTheStore()
    {
        var store = (IBlobConcatenator)await fixture.Store;
        var before = fixture.Compositions;
        await PutAsync("one.bin", [1, 2]);

        Assert.True(await store.TryConcatenateAsync(Root + "joined.bin", [new(Root + "one.bin", 0, 2), new(new byte[] { 3 })], default));

        Assert.Equal([1, 2, 3], await ReadAsync("joined.bin", 0, null));
        Assert.True(fixture.Compositions > before);
    }

    protected override bool CanRefuseToReplace(int size) => false;

    protected override async Task<IBlobStore> CreateStoreAsync() => await fixture.Store;

    public sealed class Fixture : IAsyncLifetime
    {
        private readonly GcsEmulator _server = new();
        private readonly ComposingProxy _proxy;
        private readonly Lazy<Task<IBlobStore>> _store;
        private ServiceProvider? _provider;

        public Fixture() => (_proxy, _store) = (new(() => _server.ServiceUrl), new(StartAsync));

        public int Compositions => _proxy.Compositions;

        internal Task<IBlobStore> Store => _store.Value;

        public Task InitializeAsync() => Task.CompletedTask;

        public async Task DisposeAsync()
        {
            if (_provider is not null)
            {
                await _provider.DisposeAsync();
            }

            await _proxy.DisposeAsync();
            await _server.DisposeAsync();
        }

        private async Task<IBlobStore> StartAsync()
        {
            await _server.StartProcessAsync();
            await _proxy.StartAsync();
            var builder = new TestBuilder();
            // The emulator ends an upload with its first part; parts are shown in GcsProtocolTests.
            builder.AddGcsStorage(options =>
                (options.ServiceUrl, options.Anonymous, options.Bucket, options.PartBytes) = (_proxy.ServiceUrl, true, "recordings", 16 * 1024 * 1024));
            _provider = builder.Services.BuildServiceProvider();
            return _provider.GetRequiredService<IBlobStore>();
        }
    }
}
