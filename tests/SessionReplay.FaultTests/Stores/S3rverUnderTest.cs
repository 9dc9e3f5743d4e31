using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Storage;
using SessionReplay.Storage.S3;
using SessionReplay.Testing;
using SessionReplay.Testing.Peers;

namespace SessionReplay.FaultTests.Stores;

/// <summary>S3 as s3rver serves it; it makes its bucket itself.</summary>
public sealed class S3rverUnderTest : StoreUnderTest
{
    private readonly S3rver _server = new();

    public override string Adapter => "S3 (s3rver)";

    public override int Port => _server.Port;

    public override IReadOnlyDictionary<string, string?> Settings(int port) => S3Settings.Of(port, "MinIO", S3rver.AccessKey, S3rver.SecretKey);

    public override Task StartAsync() => _server.StartProcessAsync();

    public override async Task<HashSet<string>> KeysAsync()
    {
        var builder = new TestBuilder();
        builder.AddS3Storage(options =>
        {
            options.Preset = S3Preset.MinIO;
            options.ServiceUrl = _server.ServiceUrl;
            options.Bucket = S3Settings.Bucket;
            options.AccessKey = S3rver.AccessKey;
            options.SecretKey = S3rver.SecretKey;
        });
        await using var provider = builder.Services.BuildServiceProvider();
        var keys = new HashSet<string>();
        await foreach (var blob in provider.GetRequiredService<IBlobStore>().ListAsync("", default))
        {
            keys.Add(blob.Key);
        }

        return keys;
    }

    public override ValueTask DisposeAsync() => _server.DisposeAsync();
}
