using SessionReplay.Storage.S3;
using SessionReplay.Testing;
using SessionReplay.Testing.Peers;

namespace SessionReplay.FaultTests.Stores;

/// <summary>S3 as Ceph serves it.</summary>
public sealed class CephUnderTest : StoreUnderTest
{
    private CephCluster? _cluster;

    public override string Adapter => "S3 (Ceph)";

    public override int Port => new Uri(_cluster!.ServiceUrl).Port;

    public override IReadOnlyDictionary<string, string?> Settings(int port) =>
        S3Settings.Of(port, "Ceph", _cluster!.AccessKey, _cluster.SecretKey);

    public override async Task StartAsync()
    {
        _cluster = await CephCluster.StartAsync();
        await SetUpAsync();
    }

    /// <summary>A cluster is not an emulator: one that has stopped answering is a finding, and it has no data to come back with.</summary>
    public override Task RestartAsync() => throw new InvalidOperationException("Ceph has stopped answering.");

    private protected override void Add(TestBuilder builder) =>
        builder.AddS3Storage(options => S3Settings.Set(options, S3Preset.Ceph, Port, _cluster!.AccessKey, _cluster.SecretKey));

    public override ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;
}
