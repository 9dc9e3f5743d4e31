using System.Globalization;
using System.Text;
using SessionReplay.FaultTests.Proxy;
using SessionReplay.FaultTests.Queues;
using SessionReplay.FaultTests.Stores;
using SessionReplay.Testing;
using SessionReplay.Testing.Peers;

namespace SessionReplay.FaultTests.Hosts;

/// <summary>A queue under test over s3rver and PostgreSQL, with one process for ingest and playback, and as many workers as a test starts.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private const int DescribedWorkers = 4;
    private const int LogTail = 6000;
    private readonly TempFolder _folder = new();
    private readonly S3rverUnderTest _store = new();
    private readonly List<Worker> _workers = [];
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
        var worker = new Worker(await HostProcess.StartAsync("Worker", SettingsOf(store.Port, catalog.Port)), store, catalog);
        lock (_workers)
        {
            _workers.Add(worker);
        }

        return worker;
    }

    /// <summary>Tells where batches may be that are in no recording: in the queue, among the dead letters, with a worker. For the messages of failing tests.</summary>
    public async Task<string> DescribeAsync(HttpClient http)
    {
        using var answer = await http.GetAsync($"{Front.Url}/api/dead-letters");
        var text = new StringBuilder()
            .AppendLine("queue:").AppendLine(await Queue.DescribeAsync())
            .AppendLine("dead letters:").AppendLine(await answer.Content.ReadAsStringAsync());
        lock (_workers)
        {
            // Those of earlier cases say nothing of this one.
            foreach (var worker in _workers.TakeLast(DescribedWorkers))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"worker {worker.Process.Url}, the last of its log:").AppendLine(Tail(worker.Process.Output));
            }
        }

        return text.AppendLine("ingest and playback, the last of its log:").AppendLine(Tail(Front.Output)).ToString();
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

    private static string Tail(string log) => log.Length <= LogTail ? log : log[^LogTail..];

    private async Task StartDatabaseAsync() => _database = await PostgreSqlServer.StartAsync();

    private Dictionary<string, string?> SettingsOf(int store, int catalog) => Settings.Common(_folder.FullPath)
        .With(Queue.Settings)
        .With(_store.Settings(store))
        .With(Settings.PostgreSql(_database!, catalog));
}
