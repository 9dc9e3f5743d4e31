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

    public override ValueTask DisposeAsync() => _server.DisposeAsync();
}
