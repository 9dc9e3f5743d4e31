using SessionReplay.Storage.S3;
using SessionReplay.Testing;
using SessionReplay.Testing.Peers;

namespace SessionReplay.FaultTests.Stores;

/// <summary>S3 as s3rver serves it; it makes its bucket itself.</summary>
public sealed class S3rverUnderTest : StoreUnderTest
{
    private const string ObjectSuffix = "._S3rver_object";

    private readonly S3rver _server = new();

    public override string Adapter => "S3 (s3rver)";

    public override int Port => _server.Port;

    public override IReadOnlyDictionary<string, string?> Settings(int port) =>
        S3Settings.Of(port, "MinIO", S3rver.AccessKey, S3rver.SecretKey);

    public override Task StartAsync() => _server.StartProcessAsync();

    /// <summary>Looks into its folder: a listing of s3rver breaks off when objects go away beside it, and at its second page.</summary>
    public override Task<HashSet<string>> KeysAsync()
    {
        var bucket = Path.Combine(_server.DataFolder, S3Settings.Bucket);
        return Task.FromResult(Directory.EnumerateFiles(bucket, "*" + ObjectSuffix, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(bucket, file)[..^ObjectSuffix.Length]).ToHashSet(StringComparer.Ordinal));
    }

    private protected override void Add(TestBuilder builder) =>
        builder.AddS3Storage(options => S3Settings.Set(options, S3Preset.MinIO, Port, S3rver.AccessKey, S3rver.SecretKey));

    public override ValueTask DisposeAsync() => _server.DisposeAsync();
}
