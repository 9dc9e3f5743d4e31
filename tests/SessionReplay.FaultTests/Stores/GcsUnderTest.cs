using System.Globalization;
using SessionReplay.Testing;
using SessionReplay.Testing.Peers;

namespace SessionReplay.FaultTests.Stores;

/// <summary>Google Cloud Storage as the emulator serves it.</summary>
public sealed class GcsUnderTest : StoreUnderTest
{
    private const string Bucket = "recordings";
    private readonly GcsEmulator _server = new();

    public override string Adapter => "Gcs (emulator)";

    public override int Port => _server.Port;

    public override IReadOnlyDictionary<string, string?> Settings(int port) => new Dictionary<string, string?>
    {
        ["SessionReplay:Storage:Provider"] = "Gcs",
        ["SessionReplay:Storage:Gcs:ServiceUrl"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
        ["SessionReplay:Storage:Gcs:Bucket"] = Bucket,
        // The emulator ends an upload with its first part.
        ["SessionReplay:Storage:Gcs:PartBytes"] = "16777216",
        ["SessionReplay:Storage:Gcs:Anonymous"] = "true",
    };

    /// <summary>The emulator makes a bucket when it is first used.</summary>
    public override Task StartAsync() => _server.StartProcessAsync();

    private protected override void Add(TestBuilder builder) => builder.AddGcsStorage(options =>
    {
        options.ServiceUrl = _server.ServiceUrl;
        options.Bucket = Bucket;
        options.Anonymous = true;
    });

    public override ValueTask DisposeAsync() => _server.DisposeAsync();
}
