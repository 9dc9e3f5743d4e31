using SessionReplay.FaultTests.Proxy;
using SessionReplay.FaultTests.Queues;
using SessionReplay.FaultTests.Stores;
using SessionReplay.Testing;
using SessionReplay.Testing.Peers;

namespace SessionReplay.FaultTests.Hosts;

/// <summary>A queue and a store over PostgreSQL, with one process for ingest and playback, and as many workers as a test starts.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private PostgreSqlServer? _database;
    private FaultProxy? _frontStore;
    private FaultProxy? _frontKeys;
    private HostProcess? _front;

    private Installation(QueueUnderTest queue, StoreUnderTest store) => (Queue, Store) = (queue, store);

    public QueueUnderTest Queue { get; }

    public StoreUnderTest Store { get; }

    /// <summary>Ingest and playback.</summary>
    public HostProcess Front => _front!;

    /// <summary>The way of <see cref="Front"/> to the store.</summary>
    public FaultProxy FrontStore => _frontStore!;

    /// <summary>The way of <see cref="Front"/> to the key store.</summary>
    public FaultProxy FrontKeys => _frontKeys!;

    /// <summary>The server of the catalog and of the keys.</summary>
    public PostgreSqlServer Database => _database!;

    public CatalogView Catalog => new(_database!.ConnectionString);

    /// <param name="queue">The queue under test.</param>
    /// <param name="store">The store under test; s3rver when it is not what matters.</param>
    /// <param name="settings">More settings of the process for ingest and playback.</param>
    public static async Task<Installation> StartAsync(
        QueueUnderTest queue, StoreUnderTest? store = null, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var installation = new Installation(queue, store ?? new S3rverUnderTest());
        try
        {
            PostgreSqlServer.Require();
            await Task.WhenAll(queue.StartAsync(), installation.Store.StartAsync(), installation.StartDatabaseAsync());
            installation._frontStore = new(installation.Store.Port);
            installation._frontKeys = new(installation._database!.Port);
            installation._front = await HostProcess.StartAsync(
                "Ingest, Playback",
                installation.SettingsOf(installation._frontStore.Port, installation._database.Port, installation._frontKeys.Port)
                    .With(settings ?? new Dictionary<string, string?>()));
            return installation;
        }
        catch
        {
            await installation.DisposeAsync();
            throw;
        }
    }

    /// <param name="settings">More settings of the worker.</param>
    /// <param name="fault">How its way to the store fails from the beginning.</param>
    public async Task<Worker> StartWorkerAsync(IReadOnlyDictionary<string, string?>? settings = null, Fault? fault = null)
    {
        var (store, catalog) = (new FaultProxy(Store.Port) { Fault = fault ?? Fault.None }, new FaultProxy(_database!.Port));
        try
        {
            return new(
                await HostProcess.StartAsync(
                    "Worker", SettingsOf(store.Port, catalog.Port, _database.Port).With(settings ?? new Dictionary<string, string?>())),
                    store, catalog);
        }
        catch
        {
            await store.DisposeAsync();
            await catalog.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_front is not null)
        {
            await _front.DisposeAsync();
        }

        foreach (var proxy in new[] { _frontStore, _frontKeys }.OfType<FaultProxy>())
        {
            await proxy.DisposeAsync();
        }

        await Queue.DisposeAsync();
        await Store.DisposeAsync();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task StartDatabaseAsync() => _database = await PostgreSqlServer.StartAsync();

    private Dictionary<string, string?> SettingsOf(int store, int catalog, int keys) => Settings.Common(_folder.FullPath)
        .With(Queue.Settings)
        .With(Store.Settings(store))
        .With(Settings.PostgreSql(_database!, catalog, keys));
}
