using SessionReplay.FaultTests.Hosts;
using SessionReplay.FaultTests.Proxy;
using SessionReplay.FaultTests.Queues;
using SessionReplay.FaultTests.Stores;
using SessionReplay.Testing;

namespace SessionReplay.FaultTests.Cases;

/// <summary>
/// A store behind a proxy, with ingest and playback in one process and a worker in another; over NATS, whose limit makes ingest itself put
/// what is large, and with the embedded catalog.
/// </summary>
public abstract class StoreFixture(Func<StoreUnderTest> create) : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly NatsUnderTest _queue = new();
    private readonly StoreUnderTest _store = create();
    private Task? _started;
    private FaultProxy? _proxy;
    private HostProcess? _front;
    private HostProcess? _worker;

    public StoreUnderTest Store => _store;

    internal FaultProxy Proxy => _proxy!;

    internal HostProcess Front => _front!;

    internal HostProcess Worker => _worker!;

    internal SqliteCatalogView Catalog => new(_folder.File("catalog.db"));

    /// <summary>Starts everything, once.</summary>
    internal Task StartAsync() => _started ??= StartOnceAsync();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var part in new IAsyncDisposable?[] { _front, _worker, _proxy, _queue, _store })
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }

        _folder.Dispose();
    }

    private async Task StartOnceAsync()
    {
        await Task.WhenAll(_store.StartAsync(), _queue.StartAsync());
        _proxy = new(_store.Port);
        var settings = Settings.Common(_folder.FullPath).With(_queue.Settings).With(_store.Settings(_proxy.Port));
        _front = await HostProcess.StartAsync("Ingest, Playback", settings);
        _worker = await HostProcess.StartAsync("Worker", settings.With(Settings.EndingSoon()));
    }
}
