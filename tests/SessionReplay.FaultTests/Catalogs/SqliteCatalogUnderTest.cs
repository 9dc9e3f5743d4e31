using System.Globalization;
using SessionReplay.FaultTests.Hosts;
using SessionReplay.Testing;

namespace SessionReplay.FaultTests.Catalogs;

/// <summary>The embedded catalog, in one process that does everything.</summary>
public sealed class SqliteCatalogUnderTest : CatalogUnderTest
{
    private readonly TempFolder _folder = new();

    public override string Adapter => "embedded";

    public override IReadOnlyList<string> Roles => ["All"];

    internal override ICatalogView View => new SqliteCatalogView(Path);

    private string Path => _folder.File("catalog.db");

    public override Task StartAsync() => Task.CompletedTask;

    public override Dictionary<string, string?> Settings(long? maxBytes) => new()
    {
        ["SessionReplay:Catalog:Sqlite:Path"] = Path,
        ["SessionReplay:Catalog:Sqlite:MaxBytes"] = maxBytes?.ToString(CultureInfo.InvariantCulture),
    };

    public override Task PassTimeAsync() => Task.CompletedTask;

    public override Task<long> ReadSizeAsync() => Task.FromResult(new FileInfo(Path).Length);

    public override ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
