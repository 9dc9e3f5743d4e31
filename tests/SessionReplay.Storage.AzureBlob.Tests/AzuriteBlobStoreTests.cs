using System.IO.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using SessionReplay.Storage.ConformanceTests;
using SessionReplay.Testing;
using SessionReplay.Testing.Peers;

namespace SessionReplay.Storage.AzureBlob.Tests;

/// <summary>The store against Azurite.</summary>
public sealed class AzuriteBlobStoreTests(AzuriteBlobStoreTests.Fixture fixture)
    : BlobStoreConformance, IClassFixture<AzuriteBlobStoreTests.Fixture>
{
    private static readonly IValidateOptions<AzureBlobStorageOptions> Validator = new AzureBlobStorageOptionsValidator("A:B");

    protected override bool JoinsLargeObjects => false;

    protected override bool Presigns => true;

    [SkippableFact]
    public async Task SetUp_Rules_SaysHowToSetThemUpByHand()
    {
        var store = await fixture.Store;

        Assert.Equal(["The container 'recordings' is there."], await store.SetUpAsync([], default));
        var error = await Assert.ThrowsAsync<NotSupportedException>(async () => await store.SetUpAsync([new("shop/", 30)], default));
        Assert.Contains("az storage account management-policy create", error.Message, StringComparison.Ordinal);
        Assert.Contains("recordings/shop/ (delete after 30 days)", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task AnyCall_ContainerMissing_SaysSo()
    {
        await fixture.Store;
        await using var provider = fixture.Services("not-there").BuildServiceProvider();

        await AssertBucketMissingAsync(provider.GetRequiredService<IBlobStore>());
    }

    [SkippableFact]
    public async Task Put_AnotherUploadOfTheKeyComesBetween_LeavesOneOfThemWhole()
    {
        const int Size = 12 * 1024 * 1024;
        var store = await fixture.Store;
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 2, resumeWriterThreshold: 1));
        var slow = store.PutAsync("interleaved.bin", pipe.Reader.AsStream(), Size, default).AsTask();

        // All of it is taken only when the first block has been sent.
        await pipe.Writer.WriteAsync(Enumerable.Repeat((byte)1, 6 * 1024 * 1024).ToArray());
        using var other = new MemoryStream(Enumerable.Repeat((byte)2, Size).ToArray());
        await store.PutAsync("interleaved.bin", other, Size, default);
        await pipe.Writer.WriteAsync(Enumerable.Repeat((byte)1, Size - (6 * 1024 * 1024)).ToArray());
        await pipe.Writer.CompleteAsync();
        await Task.WhenAny(slow);

        Assert.True(slow.IsCompletedSuccessfully || slow.Exception!.InnerException is BlobStoreUnavailableException, $"{slow.Exception}");
        await using var stream = await store.OpenReadAsync("interleaved.bin", 0, null, default);
        var left = new byte[Size];
        await stream.ReadExactlyAsync(left, default);
        Assert.Equal(slow.IsCompletedSuccessfully ? [1] : [2], left.Distinct());
    }

    [SkippableFact]
    public async Task OpenRead_ServerIsLostInTheMiddle_ThrowsIOException()
    {
        const int Size = 48 * 1024 * 1024;
        await using var server = new Azurite();
        await server.StartProcessAsync();
        var builder = new TestBuilder();
        builder.AddAzureBlobStorage(o => (o.ConnectionString, o.Bucket) = (server.ConnectionString, "recordings"));
        await using var provider = builder.Services.BuildServiceProvider();
        var store = provider.GetRequiredService<AzureBlobStore>();
        await store.SetUpAsync([], default);
        using var content = new MemoryStream(new byte[Size]);
        await store.PutAsync("large.bin", content, Size, default);
        await using var stream = await store.OpenReadAsync("large.bin", 0, null, default);
        var buffer = new byte[Size];
        await stream.ReadExactlyAsync(buffer.AsMemory(0, 1), default);

        await server.KillAsync();

        await Assert.ThrowsAsync<IOException>(async () => await stream.ReadExactlyAsync(buffer.AsMemory(1), default));
    }

    [SkippableTheory]
    [InlineData("recordings", HealthStatus.Healthy)]
    [InlineData("not-there", HealthStatus.Unhealthy)]
    public async Task HealthCheck_Container_TellsWhetherItAnswers(string container, HealthStatus expected)
    {
        await fixture.Store;
        await using var provider = fixture.Services(container).BuildServiceProvider();

        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(expected, report.Entries["session-replay-storage-azureblob"].Status);
    }

    [Theory]
    [InlineData("UPPER", "", "", "Bucket")]
    [InlineData("a--b", "", "", "Bucket")]
    [InlineData("recordings", "no-slash", "", "KeyPrefix")]
    [InlineData("recordings", "", "Archive", "StorageClass")]
    public void Validate_BadOption_NamesIt(string container, string prefix, string tier, string name)
    {
        var result = Validator.Validate(
            null, new() { Bucket = container, KeyPrefix = prefix, StorageClass = tier });

        Assert.True(result.Failed);
        Assert.Contains(name, result.FailureMessage, StringComparison.Ordinal);
    }

    protected override async Task<IBlobStore> CreateStoreAsync() => await fixture.Store;

    public sealed class Fixture : IAsyncLifetime
    {
        private readonly Azurite _server = new();
        private readonly Lazy<Task<AzureBlobStore>> _store;
        private ServiceProvider? _provider;

        public Fixture() => _store = new(StartAsync);

        internal Task<AzureBlobStore> Store => _store.Value;

        internal IServiceCollection Services(string container)
        {
            var builder = new TestBuilder();
            builder.AddAzureBlobStorage(o =>
            {
                o.ConnectionString = _server.ConnectionString;
                o.Bucket = container;
                o.PartBytes = 5 * 1024 * 1024;
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

        private async Task<AzureBlobStore> StartAsync()
        {
            await _server.StartProcessAsync();
            _provider = Services("recordings").BuildServiceProvider();
            var store = _provider.GetRequiredService<AzureBlobStore>();
            await store.SetUpAsync([], default);
            return store;
        }
    }
}
