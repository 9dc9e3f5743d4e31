using System.Net;
using Google.Protobuf;
using SessionReplay.FaultTests.Catalogs;
using SessionReplay.FaultTests.Hosts;
using SessionReplay.FaultTests.Proxy;
using SessionReplay.FaultTests.Queues;
using SessionReplay.FaultTests.Stores;
using SessionReplay.Testing;

namespace SessionReplay.FaultTests.Cases;

/// <summary>A catalog, the embedded queue, and a store that one proxy can take away from all processes.</summary>
internal sealed class StoreAway : IAsyncDisposable
{
    /// <summary>What the catalog's size is called among the metrics.</summary>
    public const string Used = "sessionreplay_catalog_used_bytes";

    private readonly TempFolder _folder = new();
    private readonly SqliteUnderTest _queue = new();
    private readonly S3rverUnderTest _server = new();
    private readonly List<HostProcess> _processes = [];
    private FaultProxy? _store;

    private StoreAway(CatalogUnderTest catalog) => Catalog = catalog;

    public CatalogUnderTest Catalog { get; }

    public FaultProxy Store => _store!;

    /// <summary>Ingest and playback.</summary>
    public HostProcess Front => _processes[0];

    public HostProcess Worker => _processes[^1];

    public static async Task<StoreAway> StartAsync(CatalogUnderTest catalog, long? maxBytes = null)
    {
        var installation = new StoreAway(catalog);
        try
        {
            await Task.WhenAll(catalog.StartAsync(), installation._queue.StartAsync(), installation._server.StartAsync());
            installation._store = new(installation._server.Port);
            var settings = Settings.Common(installation._folder.FullPath).With(installation._queue.Settings)
                .With(installation._server.Settings(installation._store.Port)).With(catalog.Settings(maxBytes))
                .With(new Dictionary<string, string?>
                {
                    ["SessionReplay:Sessions:IdleTimeout"] = "00:00:01",
                    ["SessionReplay:Sessions:SweepInterval"] = "00:00:01",
                    ["SessionReplay:Worker:StatusInterval"] = "00:00:01",
                });
            foreach (var roles in catalog.Roles)
            {
                installation._processes.Add(await HostProcess.StartAsync(roles, settings));
            }

            return installation;
        }
        catch
        {
            await installation.DisposeAsync();
            throw;
        }
    }

    /// <summary>Posts a batch of a visitor who has just come.</summary>
    /// <returns>The answer's status and body.</returns>
    public async Task<(HttpStatusCode Status, string Body)> PostAsync(HttpClient http)
    {
        var batch = BatchSamples.Create(BatchSamples.NewSession(), WindowId.Create(TimeProvider.System));
        using var content = new ByteArrayContent(Upload.Frame(BatchSamples.Gzip(batch.ToByteArray())));
        content.Headers.ContentType = new("text/plain");
        using var answer = await http.PostAsync($"{Front.Url}/v1/batches?key={Settings.WriteKey}&sent={BatchSamples.Time}", content);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        await _server.DisposeAsync();
        await _queue.DisposeAsync();
        await Catalog.DisposeAsync();
        _folder.Dispose();
    }
}
