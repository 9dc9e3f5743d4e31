using System.Net;
using System.Security.Cryptography;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.AspNetCore.Ingest;

namespace SessionReplay.AspNetCore.Tests.Ingest;

/// <summary>Quotas that processes share: two hosts on one catalog.</summary>
public sealed class IngestQuotasTests : IDisposable
{
    private readonly QuotaHosts _quotas = new();

    [Theory]
    [InlineData("address-quota")]
    [InlineData("tenant-quota")]
    public async Task NewSessions_OfTwoProcesses_AreBoundedTogether(string code)
    {
        Action<IngestOptions> bound = code == "tenant-quota"
            ? o => o.NewSessionsPerHourPerTenant = 6
            : o => o.NewSessionsPerHourPerAddress = 6;
        await using var one = await _quotas.StartAsync(bound);
        await using var two = await _quotas.StartAsync(bound);
        var (session, window) = (BatchSamples.NewSession(), WindowId.Create(TimeProvider.System));
        Assert.Equal(HttpStatusCode.Accepted, await BeginAsync(one, session, window));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.Accepted, await BeginAsync(i % 2 == 0 ? two : one));
        }

        foreach (var host in new[] { one, two })
        {
            using var refused = await SendAsync(host, BatchSamples.Create());
            await IngestHost.ProblemAsync(refused, HttpStatusCode.TooManyRequests, code);
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromMinutes(59), TimeSpan.FromHours(1));
        }

        // Sessions that have begun go on, in either process.
        Assert.Equal(HttpStatusCode.Accepted, await BeginAsync(two, session, window, seq: 1));
        _quotas.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.Accepted, await BeginAsync(one));
    }

    [Fact]
    public async Task MayAuditDeniedForget_ManyInAnHour_IsBounded()
    {
        await using var host = await IngestHost.StartAsync();
        var quotas = host.Services.GetRequiredService<IngestQuotas>();
        var audited = 0;
        for (var i = 0; i < 1_100; i++)
        {
            audited += await quotas.MayAuditDeniedForgetAsync(new("shop"), default) ? 1 : 0;
        }

        Assert.Equal(1_000, audited);
    }

    [Fact]
    public async Task NewSessions_MoreThanPartsOfTheQuota_ComeToItsBoundAndNotBeyond()
    {
        // Parts of 3 at a time.
        Action<IngestOptions> bound = o => o.NewSessionsPerHourPerTenant = 300;
        await using var one = await _quotas.StartAsync(bound);
        await using var two = await _quotas.StartAsync(bound);
        var answers = await Task.WhenAll(new[] { one, two }.SelectMany(host => Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var accepted = 0;
            for (var i = 0; i < 25; i++)
            {
                accepted += await BeginAsync(host) == HttpStatusCode.Accepted ? 1 : 0;
            }

            return accepted;
        }))));
        Assert.InRange(answers.Sum(), 298, 300);
    }

    [Fact]
    public async Task NewSessions_RefusedByAddress_DoNotUseUpTheTenants()
    {
        await using var host = await _quotas.StartAsync(o => (o.NewSessionsPerHourPerTenant, o.NewSessionsPerHourPerAddress) = (5, 2));
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(i < 2 ? HttpStatusCode.Accepted : HttpStatusCode.TooManyRequests, await BeginAsync(host));
        }

        await using var other = await _quotas.StartAsync(o => (o.NewSessionsPerHourPerTenant, o.NewSessionsPerHourPerAddress) = (5, 100));
        Assert.Equal(HttpStatusCode.Accepted, await BeginAsync(other));
    }

    [Fact]
    public async Task NewSessions_CatalogIsAway_AreBoundedByEachProcess()
    {
        Directory.CreateDirectory(Path.Combine(_quotas.Folder.FullPath, "not a file"));
        await using var host = await _quotas.StartAsync(
            o => o.NewSessionsPerHourPerTenant = 3,
            replay => replay.AddSqliteCatalog(o => o.Path = Path.Combine(_quotas.Folder.FullPath, "not a file")));
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(i < 3 ? HttpStatusCode.Accepted : HttpStatusCode.TooManyRequests, await BeginAsync(host));
        }
    }

    [Fact]
    public async Task Forgets_OfTwoProcesses_AreBoundedTogether()
    {
        Action<IngestOptions> bound = o => (o.ForgetsPerHourPerTenant, o.ForgetsPerHourPerAddress) = (2, 6);
        await using var one = await _quotas.StartAsync(bound);
        await using var two = await _quotas.StartAsync(bound);
        var sessions = Enumerable.Range(0, 3).Select(_ => BatchSamples.NewSession()).ToList();
        foreach (var session in sessions)
        {
            Assert.Equal(HttpStatusCode.Accepted, await BeginAsync(one, session, WindowId.Create(TimeProvider.System)));
        }

        // Who has no secret does not use up what visitors have.
        using var foreign = await ForgetAsync(one, sessions[2], RandomNumberGenerator.GetBytes(16));
        await IngestHost.ProblemAsync(foreign, HttpStatusCode.Forbidden, "session-secret");
        using var unknown = await ForgetAsync(two, BatchSamples.NewSession());
        await IngestHost.ProblemAsync(unknown, HttpStatusCode.NotFound, "not-found");
        using var first = await ForgetAsync(one, sessions[0]);
        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        using var second = await ForgetAsync(two, sessions[1]);
        Assert.Equal(HttpStatusCode.Accepted, second.StatusCode);
        using var third = await ForgetAsync(one, sessions[2]);
        await IngestHost.ProblemAsync(third, HttpStatusCode.TooManyRequests, "tenant-quota");
        using var fourth = await ForgetAsync(two, sessions[2]);
        await IngestHost.ProblemAsync(fourth, HttpStatusCode.TooManyRequests, "tenant-quota");
        using var fifth = await ForgetAsync(two, sessions[2]);
        await IngestHost.ProblemAsync(fifth, HttpStatusCode.TooManyRequests, "address-quota");
    }

    [Theory]
    [InlineData("address-quota", 1)]
    [InlineData("tenant-quota", 24)]
    public async Task RecordingBytes_OfTwoProcesses_AreBoundedTogether(string code, int hours)
    {
        Action<IngestOptions> bound = code == "address-quota"
            ? o => o.RecordingBytesPerHourPerAddress = 1 << 20
            : o => o.RecordingBytesPerDayPerTenant = 1 << 20;
        await using var one = await _quotas.StartAsync(bound);
        await using var two = await _quotas.StartAsync(bound);
        var (session, window) = (BatchSamples.NewSession(), WindowId.Create(TimeProvider.System));
        for (uint seq = 0; seq < 3; seq++)
        {
            Assert.Equal(HttpStatusCode.Accepted, (await SendNoiseAsync(seq == 1 ? two : one, session, window, seq)).StatusCode);
        }

        foreach (var host in new[] { one, two })
        {
            using var refused = await SendNoiseAsync(host, session, window, 3);
            await IngestHost.ProblemAsync(refused, HttpStatusCode.TooManyRequests, code);
            Assert.InRange(
                refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromHours(hours) - TimeSpan.FromMinutes(1), TimeSpan.FromHours(hours));
        }

        // Sent again, it is stored once and charged once.
        Assert.Equal(HttpStatusCode.Accepted, (await SendNoiseAsync(one, session, window, 0)).StatusCode);
        _quotas.Clock.Advance(TimeSpan.FromHours(hours));
        Assert.Equal(HttpStatusCode.Accepted, (await SendNoiseAsync(two, session, window, 3)).StatusCode);
    }

    [Fact]
    public async Task Work_WrittenByOthers_IsCharged()
    {
        await using var host = await _quotas.StartAsync(o => o.WorkPerSecondPerAddress = 1 << 16);
        var hashes = string.Join('\n', Enumerable.Range(0, 256).Select(i => $"{i:x64}"));
        var path = $"v1/sessions/{BatchSamples.NewSession()}/assets/missing?key={IngestHost.Key}";
        for (var i = 0; i < 5; i++)
        {
            using var asked = await host.PostAsync(path, IngestHost.Body(Upload.Frame(System.Text.Encoding.ASCII.GetBytes(hashes))));
            Assert.Equal(i < 4 ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests, asked.StatusCode);
        }

        // Fresh paths of 16 segments: half a thousand rows for a batch of a kilobyte.
        _quotas.Clock.Advance(TimeSpan.FromMinutes(1));
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 5; i++)
        {
            var batch = BatchSamples.Create();
            batch.Events.AddRange(Enumerable.Range(0, 16).Select(page => new Wire.Event
            {
                Time = BatchSamples.Time + 20,
                Navigation =
                    new() { Url =
                        $"https://shop.example/{string.Join('/', Enumerable.Range(0, 16).Select(part => $"{(char)('a' + i)}{(char)('a' + page)}{(char)('a' + part)}"))}", Title = "x", Type = "push" },
            }));
            using var answer = await SendAsync(host, batch);
            answers.Add(answer.StatusCode);
        }

        Assert.InRange(answers.Count(answer => answer == HttpStatusCode.TooManyRequests), 2, 3);
    }

    [Fact]
    public async Task Catalog_HoldsNoAddress_AndIsNotAskedForEachBatch()
    {
        await using var host = await _quotas.StartAsync(_ => { });
        var (session, window) = (BatchSamples.NewSession(), WindowId.Create(TimeProvider.System));
        await BeginAsync(host, session, window);
        var before = _quotas.Counts();
        for (uint seq = 1; seq < 20; seq++)
        {
            await BeginAsync(host, session, window, seq);
            await BeginAsync(host);
        }

        Assert.Equal(4, before.Count);
        Assert.Equal(before, _quotas.Counts());
        Assert.All(before.Keys, name => Assert.Matches("^(sessions|recording-bytes)(/address/[0-9a-f]{32})?$", name));
    }

    public void Dispose() => _quotas.Dispose();

    private static Task<HttpResponseMessage> SendAsync(IngestHost host, Wire.EventBatch batch) =>
        host.SendAsync(BatchSamples.Gzip(batch.ToByteArray()));

    private static Task<HttpResponseMessage> SendNoiseAsync(IngestHost host, SessionId session, WindowId window, uint seq)
    {
        var batch = BatchSamples.Create(session, window, seq);
        var noise = new byte[300_000];
        new Random((int)seq).NextBytes(noise);
        batch.AddDom((BatchSamples.Time + 9, $$$"""{"type":5,"data":{"a":"{{{Convert.ToBase64String(noise)}}}"}}"""));
        return SendAsync(host, batch);
    }

    private static Task<HttpStatusCode> BeginAsync(IngestHost host) =>
        BeginAsync(host, BatchSamples.NewSession(), WindowId.Create(TimeProvider.System));

    private static async Task<HttpStatusCode> BeginAsync(IngestHost host, SessionId session, WindowId window, uint seq = 0)
    {
        using var answer = await SendAsync(host, BatchSamples.Create(session, window, seq));
        return answer.StatusCode;
    }

    private static Task<HttpResponseMessage> ForgetAsync(IngestHost host, SessionId session, byte[]? secret = null) =>
        host.PostAsync($"v1/sessions/{session}/forget?key={IngestHost.Key}", IngestHost.Body(Upload.Frame([], secret)));
}
