using SessionReplay.Storage.S3;
using SessionReplay.Testing.Peers;

namespace SessionReplay.FaultTests.Stores;

/// <summary>S3 as Ceph serves it.</summary>
public sealed class CephUnderTest : StoreUnderTest
{
    private CephCluster? _cluster;

    public override string Adapter => "S3 (Ceph)";

    public override int Port => new Uri(_cluster!.ServiceUrl).Port;

    public override IReadOnlyDictionary<string, string?> Settings(int port) => S3Settings.Of(port, "Ceph", _cluster!.AccessKey, _cluster.SecretKey);

    public override async Task StartAsync()
    {
        _cluster = await CephCluster.StartAsync();
        await SetUpAsync(builder => builder.AddS3Storage(options =>
        {
            options.Preset = S3Preset.Ceph;
            options.ServiceUrl = _cluster.ServiceUrl;
            options.Bucket = S3Settings.Bucket;
            options.AccessKey = _cluster.AccessKey;
            options.SecretKey = _cluster.SecretKey;
        }));
    }

    public override ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;
}
