using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using SessionReplay.AspNetCore;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Pipeline.Lifecycle;
using SessionReplay.Pipeline.Worker;
using SessionReplay.Queues;
using SessionReplay.Storage;
using SessionReplay.Testing;

namespace SessionReplay.Pipeline.Benchmarks.Puts;

/// <summary>
/// One application (ingest and worker, as they are) on a clock that moves when everything is done that was to be done at its time.
/// </summary>
internal sealed class Simulation : IAsyncDisposable
{
    private const string Tenant = "bench";
    private const string WriteKey = "bench-write-key";
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("session-replay-puts-").FullName;
    private readonly FakeTimeProvider _clock;
    private readonly VirtualQueue _queue;
    private readonly WebApplication _app;

    private Simulation(Scenario scenario, DateTimeOffset start)
    {
        _clock = new FakeTimeProvider(start);
        _queue = new VirtualQueue(scenario.Concurrency);
        var shared = scenario.Shared ? new SharedParts() : null;
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = _folder });
        builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseTestServer();
        builder.Services.AddSingleton<TimeProvider>(_clock);
        if (shared is not null)
        {
            builder.Services.AddSingleton<IPartLayout>(shared);
        }

        var replay = builder.Services.AddSessionReplay(options =>
        {
            options.Roles = SessionReplayRoles.Ingest | SessionReplayRoles.Worker;
            options.Tenants.Add(new TenantOptions { Id = Tenant, WriteKeys = { new WriteKeyOptions { Key = WriteKey } } });
            options.Ingest.RequestsPerSecondPerAddress = 1_000_000;
            options.Ingest.NewSessionsPerHourPerAddress = 1_000_000_000;
            options.Ingest.NewSessionsPerHourPerTenant = 1_000_000_000;
            options.Ingest.WorkPerSecondPerAddress = 1_000_000_000;
            options.Ingest.RequestsPerSecondPerKey = 1_000_000;
            (options.Worker.BatchSize, options.Worker.LingerTime,
            options.Worker.Concurrency) = (scenario.BatchSize, scenario.Linger, scenario.Concurrency);
            // Compaction is run by hand.
            options.Sessions.SweepInterval = TimeSpan.FromHours(1);
        });
        replay.UseAdapter(AdapterKind.Queue, services => services.AddSingleton<IMessageQueue>(_queue));
        var local = builder.Services.Last(service => service.ServiceType == typeof(IBlobStore) && !service.IsKeyedService);
        builder.Services.AddSingleton(provider => new CountingBlobStore((IBlobStore)local.ImplementationFactory!(provider), shared));
        builder.Services.AddSingleton<IBlobStore>(provider => provider.GetRequiredService<CountingBlobStore>());
        _app = builder.Build();
        _app.MapSessionReplay();
    }

    private CountingBlobStore Store => _app.Services.GetRequiredService<CountingBlobStore>();

    public static async Task<ScenarioResult> RunAsync(Scenario scenario, Traffic traffic, DateTimeOffset start)
    {
        await using var simulation = new Simulation(scenario, start);
        await simulation._app.StartAsync();
        return await simulation.RunAsync(traffic);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<ScenarioResult> RunAsync(Traffic traffic)
    {
        await SendAsync(traffic);
        await PassAsync(TimeSpan.FromMinutes(6), TimeSpan.FromSeconds(1));
        if (_queue.Settled != traffic.Arrivals.Count)
        {
            throw new InvalidOperationException($"{_queue.Settled} of {traffic.Arrivals.Count} batches were stored.");
        }

        var sessions = traffic.Arrivals.Select(arrival => new SessionRef(new(Tenant), new(arrival.Session))).Distinct().ToList();
        var live = Store.Counts;
        Store.Counts = new();
        var (liveBytes, _) = Lying();
        var found = await ReadBackAsync(sessions);

        await PassAsync(TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(1));
        Store.Counts = new();
        await _app.Services.GetRequiredService<LifecycleSweeps>().RunAsync(default);
        var compaction = Store.Counts;
        Store.Counts = new();
        var (bytes, objects) = Lying();
        found += await ReadBackAsync(sessions);
        if (found != traffic.Arrivals.Count * 2 || objects != sessions.Count)
        {
            throw new InvalidOperationException(
                $"{found} of twice {traffic.Arrivals.Count} chunks were found; {objects} objects are left of {sessions.Count} sessions.");
        }

        return new(live, compaction, liveBytes, bytes, objects, found);
    }

    private async Task SendAsync(Traffic traffic)
    {
        using var client = _app.GetTestClient();
        client.Timeout = TimeSpan.FromMinutes(5);
        var next = 0;
        while (next < traffic.Arrivals.Count)
        {
            await PassAsync(Tick, Tick);
            var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
            var due = traffic.Arrivals.Skip(next).TakeWhile(arrival => arrival.At <= now).ToList();
            next += due.Count;
            await Task.WhenAll(due.Select(arrival => PostAsync(client, arrival)));
            await _queue.RestAsync();
        }
    }

    private static async Task PostAsync(HttpClient client, Arrival arrival)
    {
        using var content = new ByteArrayContent(arrival.Body);
        content.Headers.ContentType = new("text/plain");
        using var answer = await client.PostAsync($"session-replay/v1/batches?key={WriteKey}", content);
        if (answer.StatusCode != HttpStatusCode.Accepted)
        {
            throw new InvalidOperationException($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
    }

    /// <summary>Lets time pass; after each step all is done that it has set off.</summary>
    private async Task PassAsync(TimeSpan time, TimeSpan step)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += step)
        {
            _clock.Advance(step);
            await _queue.RestAsync();
        }
    }

    /// <summary>Looks for the header of every chunk at the place that the catalog names.</summary>
    private async Task<int> ReadBackAsync(IReadOnlyList<SessionRef> sessions)
    {
        var catalog = _app.Services.GetRequiredService<ICatalogReader>();
        var found = 0;
        var header = new byte[ChunkHeader.Size];
        foreach (var session in sessions)
        {
            foreach (var chunk in await catalog.ListChunksAsync(session, default))
            {
                await using var stream =
                    await Store.OpenReadAsync(chunk.Location.BlobKey, chunk.Location.Offset, chunk.Location.Length, default);
                await stream.ReadExactlyAsync(header);
                var id = ChunkHeaderCodec.Read(header).Id;
                found += id.Session == session.Session && id.Window == chunk.Window && id.Seq == chunk.Seq ? 1 : 0;
            }
        }

        return found;
    }

    private (long Bytes, int Objects) Lying()
    {
        var files = Directory.GetFiles(Path.Combine(_folder, "session-replay-data", "blobs"), "*.bin", SearchOption.AllDirectories);
        return (files.Sum(file => new FileInfo(file).Length), files.Length);
    }
}
