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
    private const int Workers = 4;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("session-replay-puts-").FullName;
    private readonly FakeTimeProvider _clock;
    private readonly VirtualQueue _queue;
    private readonly BilledStore _store;
    private readonly WebApplication _app;

    private Simulation(BilledStore store, DateTimeOffset start)
    {
        _clock = new FakeTimeProvider(start);
        _store = store;
        _queue = new VirtualQueue(Workers);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = _folder });
        builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Error);
        builder.WebHost.UseTestServer();
        builder.Services.AddSingleton<TimeProvider>(_clock);
        var replay = builder.Services.AddSessionReplay(options =>
        {
            options.Roles = SessionReplayRoles.Ingest | SessionReplayRoles.Worker;
            options.Tenants.Add(new TenantOptions { Id = Tenant, WriteKeys = { new WriteKeyOptions { Key = WriteKey } } });
            options.Ingest.RequestsPerSecondPerAddress = 1_000_000;
            options.Ingest.NewSessionsPerHourPerAddress = 1_000_000_000;
            options.Ingest.NewSessionsPerHourPerTenant = 1_000_000_000;
            options.Ingest.WorkPerSecondPerAddress = 1_000_000_000;
            options.Ingest.RequestsPerSecondPerKey = 1_000_000;
            options.Worker.Concurrency = Workers;
            options.Worker.StatusInterval = TimeSpan.FromMinutes(10);
            // Compaction is run by hand.
            options.Sessions.SweepInterval = TimeSpan.FromHours(1);
        });
        replay.UseAdapter(
            AdapterKind.Queue, services => services.AddSingleton<IMessageQueue>(_queue).AddSingleton<IDeadLetterQueue>(_queue));
        store.AddTo(replay);
        _app = builder.Build();
        _app.MapSessionReplay();
    }

    public static async Task<ScenarioResult> RunAsync(BilledStore store, Traffic traffic, DateTimeOffset start)
    {
        await using var simulation = new Simulation(store, start);
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
        if (_store.NeedsSetUp)
        {
            await _app.Services.GetRequiredService<IBlobStore>().SetUpAsync([], default);
            _store.Counts.Clear();
        }

        await SendAsync(traffic);
        await PassAsync(TimeSpan.FromMinutes(6), TimeSpan.FromSeconds(1));
        if (_queue.Settled != traffic.Arrivals.Count)
        {
            throw new InvalidOperationException($"{_queue.Settled} of {traffic.Arrivals.Count} batches were stored.");
        }

        var sessions = traffic.Arrivals.Select(arrival => new SessionRef(new(Tenant), new(arrival.Session))).Distinct().ToList();
        var space = await _app.Services.GetRequiredService<ICatalogWriter>().ReadSpaceAsync(default);
        await PassAsync(TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(1));
        await _app.Services.GetRequiredService<LifecycleSweeps>().RunAsync(default);
        var counts = _store.Counts.Copy();

        var (bytes, objects) = await ListAsync();
        var found = await ReadBackAsync(sessions);
        return found == traffic.Arrivals.Count && objects == sessions.Count
            ? new(counts, space.UsedBytes, bytes, objects)
            : throw new InvalidOperationException(
                $"{found} of {traffic.Arrivals.Count} chunks were found; there are {objects} objects of {sessions.Count} sessions.");
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

    /// <summary>Looks for the header of every chunk at the place that the catalog names: all have left the catalog.</summary>
    private async Task<int> ReadBackAsync(IReadOnlyList<SessionRef> sessions)
    {
        var (catalog, blobs) = (_app.Services.GetRequiredService<ICatalogReader>(), _app.Services.GetRequiredService<IBlobStore>());
        var found = 0;
        foreach (var session in sessions)
        {
            var chunks = await catalog.ListChunksAsync(session, default);
            using var copy = new MemoryStream();
            await using (var stream = await blobs.OpenReadAsync(chunks[0].Location.BlobKey!, 0, null, default))
            {
                await stream.CopyToAsync(copy);
            }

            var recording = copy.ToArray();

            found += chunks.Count(chunk =>
            {
                var id = ChunkHeaderCodec.Read(recording.AsSpan((int)chunk.Location.Offset, ChunkHeader.Size)).Id;
                return id.Session == session.Session && id.Window == chunk.Window && id.Seq == chunk.Seq;
            });
        }

        return found;
    }

    private async Task<(long Bytes, int Objects)> ListAsync()
    {
        var (bytes, objects) = (0L, 0);
        await foreach (var blob in _app.Services.GetRequiredService<IBlobStore>().ListAsync("", default))
        {
            (bytes, objects) = (bytes + blob.Length, objects + 1);
        }

        return (bytes, objects);
    }
}
