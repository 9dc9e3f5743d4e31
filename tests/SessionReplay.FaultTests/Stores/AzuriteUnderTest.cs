using System.Globalization;
using SessionReplay.Testing;
using SessionReplay.Testing.Peers;

namespace SessionReplay.FaultTests.Stores;

/// <summary>Azure Blob Storage as Azurite serves it.</summary>
public sealed class AzuriteUnderTest : StoreUnderTest
{
    private const string Container = "recordings";
    private readonly Azurite _server = new();

    public override string Adapter => "AzureBlob (Azurite)";

    public override int Port => _server.Port;

    public override IReadOnlyDictionary<string, string?> Settings(int port) => new Dictionary<string, string?>
    {
        ["SessionReplay:Storage:Provider"] = "AzureBlob",
        ["SessionReplay:Storage:AzureBlob:ConnectionString"] = _server.ConnectionString.Replace(
            string.Create(CultureInfo.InvariantCulture, $":{Port}/"), string.Create(CultureInfo.InvariantCulture, $":{port}/"),
            StringComparison.Ordinal),
        ["SessionReplay:Storage:AzureBlob:Bucket"] = Container,
    };

    public override async Task StartAsync()
    {
        await _server.StartProcessAsync();
        await SetUpAsync();
    }

    /// <summary>Lets the server hang.</summary>
    public Task FreezeAsync() => _server.FreezeAsync();

    private protected override void Add(TestBuilder builder) =>
        builder.AddAzureBlobStorage(options => (options.ConnectionString, options.Bucket) = (_server.ConnectionString, Container));

    public override ValueTask DisposeAsync() => _server.DisposeAsync();
}
