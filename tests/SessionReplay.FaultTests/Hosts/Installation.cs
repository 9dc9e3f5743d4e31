using SessionReplay.FaultTests.Proxy;
using SessionReplay.FaultTests.Queues;
using SessionReplay.FaultTests.Stores;
using SessionReplay.Testing;
using SessionReplay.Testing.Peers;

namespace SessionReplay.FaultTests.Hosts;

/// <summary>A queue under test over s3rver and PostgreSQL, with one process for ingest and playback, and as many workers as a test starts.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly S3rverUnderTest _store = new();
    private PostgreSqlServer? _database;
    private FaultProxy? _frontStore;
    private HostProcess? _front;

    private Installation(QueueUnderTest queue) => Queue = queue;

    public QueueUnderTest Queue { get; }

    /// <summary>Ingest and playback.</summary>
    public HostProcess Front => _front!;

    /// <summary>The way of <see cref="Front"/> to the store.</summary>
    public FaultProxy FrontStore => _frontStore!;

    public CatalogView Catalog => new(_database!.ConnectionString);

    public static async Task<Installation> StartAsync(QueueUnderTest queue)
    {
        var installation = new Installation(queue);
        try
        {
            PostgreSqlServer.Require();
            await Task.WhenAll(queue.StartAsync(), installation._store.StartAsync(), installation.StartDatabaseAsync());
            installation._frontStore = new(installation._store.Port);
            installation._front = await HostProcess.StartAsync(
                "Ingest, Playback", installation.SettingsOf(installation._frontStore.Port, installation._database!.Port));
            return installation;
        }
        catch
        {
            await installation.DisposeAsync();
            throw;
        }
    }

    public async Task<Worker> StartWorkerAsync()
    {
        var (store, catalog) = (new FaultProxy(_store.Port), new FaultProxy(_database!.Port));
        return new(await HostProcess.StartAsync("Worker", SettingsOf(store.Port, catalog.Port)), store, catalog);
    }

    public async ValueTask DisposeAsync()
    {
        if (_front is not null)
        {
            await _front.DisposeAsync();
        }

        if (_frontStore is not null)
        {
            await _frontStore.DisposeAsync();
        }

        await Queue.DisposeAsync();
        await _store.DisposeAsync();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task StartDatabaseAsync() => _database = await PostgreSqlServer.StartAsync();

    private Dictionary<string, string?> SettingsOf(int store, int catalog) => Settings.Common(_folder.FullPath)
        .With(Queue.Settings)
        .With(_store.Settings(store))
        .With(Settings.PostgreSql(_database!, catalog));
}
