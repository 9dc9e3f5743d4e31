using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SessionReplay.Storage;
using SessionReplay.Testing.Peers;

namespace SessionReplay.Pipeline.Tests.Resilience;

/// <summary>Whole applications over Kestrel whose real dependencies go away and come back.</summary>
public sealed class OutageTests
{
    private readonly SessionId _session = BatchSamples.NewSession();
    private readonly WindowId _window = WindowId.Create(TimeProvider.System);

    [SkippableFact]
    public async Task Queue_IsKilledAndStartedAgain_IngestSaysWhenToComeBackAndGoesOnByItself()
    {
        RabbitMqServer.Require();
        await using var broker = await RabbitMqServer.StartAsync();
        await using var host = await FullHost.StartAsync(
            configure: options =>
            {
                Shorten(options.Resilience.Queue);
                options.Resilience.Queue.BreakDuration = TimeSpan.FromSeconds(8);
            },
            build: (_, replay) => replay.AddRabbitMQQueue(options => options.ConnectionString = broker.ConnectionString),
            use: app => app.MapHealthChecks("/health"));
        uint seq = 0;
        await host.RecordAsync(_session, BatchSamples.Create(_session, _window, seq++));
        Assert.Equal((HealthStatus.Healthy, 0), await StateAsync(host, "queue"));

        await broker.KillAsync();
        await FullHost.WaitAsync(
            async () => await host.SendAsync(BatchSamples.Create(_session, _window, seq)) == HttpStatusCode.ServiceUnavailable
            && (await StateAsync(host, "queue")).Gauge == 2,
            "the open breaker");

        var (status, retryAfter, problem) = await SendHeadersAsync(host);
        Assert.Equal((503, "queue-unavailable"), (status, problem.GetProperty("code").GetString()));
        Assert.InRange(retryAfter, 1, 8);
        Assert.Equal(HealthStatus.Unhealthy, (await StateAsync(host, "queue")).Status);
        using (var letters = await host.Client.GetAsync("api/dead-letters"))
        {
            var named = await IngestHost.ProblemAsync(letters, HttpStatusCode.ServiceUnavailable, "queue-unavailable");
            Assert.Equal(
                ("queue", "The queue is unavailable."),
                (named.GetProperty("unavailable").GetString(), named.GetProperty("title").GetString()));
            Assert.InRange(letters.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8));
        }

        await broker.StartAsync();
        await FullHost.WaitAsync(
            async () => await host.SendAsync(BatchSamples.Create(_session, _window, seq)) == HttpStatusCode.Accepted, "an accepted batch");
        Assert.Equal((HealthStatus.Healthy, 0), await StateAsync(host, "queue"));
        await FullHost.WaitAsync(async () => await host.ChunksAsync(_session) == 2, "both chunks");
    }

    [SkippableFact]
    public async Task AuditLog_DatabaseIsKilledAndStartedAgain_PlaybackNamesItAndShowsNothingUntilThen()
    {
        PostgreSqlServer.Require();
        await using var database = await PostgreSqlServer.StartAsync();
        await using var host = await FullHost.StartAsync(
            configure: options =>
            {
                Shorten(options.Resilience.Catalog);
                Shorten(options.Resilience.Audit);
            },
            build: (_, replay) => replay.AddPostgreSqlCatalog(options => options.ConnectionString = database.ConnectionString));
        await host.RecordAsync(_session, BatchSamples.Create(_session, _window, 0));

        await database.KillAsync();
        await FullHost.WaitAsync(
            async () => await host.StatusAsync($"api/tenants/shop/sessions/{_session}") == HttpStatusCode.ServiceUnavailable
            && (await StateAsync(host, "audit-log")).Gauge == 2,
            "the open breaker");
        using (var answer = await host.Client.GetAsync($"api/tenants/shop/sessions/{_session}"))
        {
            var problem = await IngestHost.ProblemAsync(answer, HttpStatusCode.ServiceUnavailable, "audit-log-unavailable");
            Assert.Equal("audit-log", problem.GetProperty("unavailable").GetString());
            Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        }

        // What the database is not needed for goes on: batches are taken while it is away, and stored when it is back.
        Assert.Equal(HttpStatusCode.Accepted, await host.SendAsync(BatchSamples.Create(_session, _window, 1)));
        await database.StartServerAsync();
        await FullHost.WaitAsync(async () => await host.ChunksAsync(_session) == 2, "both chunks");
        await FullHost.WaitAsync(
            async () => await StateAsync(host, "audit-log") == (HealthStatus.Healthy, 0)
            && await StateAsync(host, "catalog") == (HealthStatus.Healthy, 0), "closed breakers");
    }

    [Fact]
    public async Task BlobStore_GoesAwayAndComesBack_PlaybackNamesItAndBatchesAreRecordedAllTheSame()
    {
        var store = new OutageBlobStore { IsOut = false };
        await using var host = await FullHost.StartAsync(
            configure: options => Shorten(options.Resilience.Storage),
            build: (builder, _) => builder.Services.AddSingleton<IBlobStore>(store));
        await host.RecordAsync(_session, BatchSamples.Create(_session, _window, 0));
        await host.SweepAsync();

        store.IsOut = true;
        var live = BatchSamples.NewSession();
        await host.RecordAsync(live, BatchSamples.Create(live, _window, 0));
        Assert.Equal(BatchSamples.Create(live, _window, 0), await host.ChunkAsync(live, _window, 0));
        await FullHost.WaitAsync(() => NamesTheStoreAsync(host), "the problem");
        await FullHost.WaitAsync(
            async () =>
            {
                await host.StatusAsync($"api/tenants/shop/sessions/{_session}/batches?stretch={_window}.0-0");
                return (await StateAsync(host, "blob-store")).Gauge == 2;
            },
            "the open breaker");
        var refused = store.Refused;
        var began = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < 30; i++)
        {
            await Task.Delay(50);
            await host.StatusAsync($"api/tenants/shop/sessions/{_session}/batches?stretch={_window}.0-0");
        }

        var tries = store.Refused - refused;
        // One try for each break of a second, not one for each loop and each repetition.
        Assert.InRange(tries, 0, 2 + TimeProvider.System.GetElapsedTime(began).TotalSeconds);

        store.IsOut = false;
        await FullHost.WaitAsync(
            async () => await host.StatusAsync($"api/tenants/shop/sessions/{_session}/batches?stretch={_window}.0-0") == HttpStatusCode.OK, "the chunk");
        Assert.Equal(0, (await StateAsync(host, "blob-store")).Gauge);
    }

    private async Task<bool> NamesTheStoreAsync(FullHost host)
    {
        using var answer = await host.Client.GetAsync($"api/tenants/shop/sessions/{_session}/batches?stretch={_window}.0-0");
        return answer.StatusCode == HttpStatusCode.ServiceUnavailable
            && (await IngestHost.ProblemAsync(answer, HttpStatusCode.ServiceUnavailable, "blob-store-unavailable"))
                .GetProperty("unavailable").GetString() == "blob-store";
    }

    private static void Shorten(DependencyResilienceOptions options) =>
        (options.MinimumThroughput, options.BreakDuration) = (4, TimeSpan.FromSeconds(1));

    private static async Task<(HealthStatus Status, double Gauge)> StateAsync(FullHost host, string dependency)
    {
        var report = await host.Services.GetRequiredService<HealthCheckService>()
            .CheckHealthAsync(check => check.Name == "session-replay-circuits");
        return (report.Status, Gauges.Read(host.Services)[$"sessionreplay.dependency.circuit {dependency}"]);
    }

    /// <summary>Sends the headers of a batch and none of its body: what comes back was answered before it was read.</summary>
    private static async Task<(int Status, int RetryAfter, JsonElement Problem)> SendHeadersAsync(FullHost host)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, host.Client.BaseAddress!.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /session-replay/v1/batches?key={FullHost.Key} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\nContent-Length: 100000\r\nConnection: close\r\n\r\n"));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var answer = string.Empty;
        var buffer = new byte[4096];
        while (!answer.EndsWith("}\r\n0\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer, limit.Token);
            Assert.NotEqual(0, read);
            answer += Encoding.UTF8.GetString(buffer, 0, read);
        }

        var head = answer.Split("\r\n");
        var retryAfter = head.Single(line => line.StartsWith("Retry-After: ", StringComparison.OrdinalIgnoreCase)).Split(": ")[1];
        return (
            int.Parse(head[0].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture),
            int.Parse(retryAfter, System.Globalization.CultureInfo.InvariantCulture),
            JsonDocument.Parse(answer[answer.IndexOf('{', StringComparison.Ordinal)..(answer.LastIndexOf('}') + 1)]).RootElement);
    }
}
