using System.Globalization;
using SessionReplay.FaultTests.Hosts;
using SessionReplay.Testing.Peers;

namespace SessionReplay.FaultTests.Catalogs;

/// <summary>The catalog on PostgreSQL, with ingest and the worker in two processes.</summary>
public sealed class PostgreSqlCatalogUnderTest : CatalogUnderTest
{
    private PostgreSqlServer? _server;

    public override string Adapter => "PostgreSql";

    public override IReadOnlyList<string> Roles => ["Ingest, Playback", "Worker"];

    internal override ICatalogView View => Catalog;

    private CatalogView Catalog => new(_server!.ConnectionString);

    public override async Task StartAsync()
    {
        PostgreSqlServer.Require();
        _server = await PostgreSqlServer.StartAsync();
    }

    public override Dictionary<string, string?> Settings(long? maxBytes) => new(
        Hosts.Settings.PostgreSql(_server!, _server!.Port, _server.Port))
    {
        ["SessionReplay:Catalog:PostgreSql:MaxBytes"] = maxBytes?.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>A table of bytes is dropped by a sweep when its quarter of an hour is over and nothing of it is left.</summary>
    public override Task PassTimeAsync() => Catalog.DropBodyTablesAsync();

    public override Task<long> ReadSizeAsync() => Catalog.ReadBodyBytesAsync();

    public override ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
