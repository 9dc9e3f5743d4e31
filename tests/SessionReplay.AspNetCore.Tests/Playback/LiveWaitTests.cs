using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using SessionReplay.AspNetCore.Ingest;
using SessionReplay.AspNetCore.Playback;
using SessionReplay.Audit;
using SessionReplay.Catalog;

namespace SessionReplay.AspNetCore.Tests.Playback;

/// <summary><c>GET …/manifest?known=</c>: the answer waits for what is new.</summary>
public sealed class LiveWaitTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(0.7);

    private readonly SessionId _session = BatchSamples.NewSession();
    private readonly WindowId _window = WindowId.Create(TimeProvider.System);
    private FullHost _host = null!;

    private string Path => $"api/tenants/shop/sessions/{_session}";

    public async Task InitializeAsync()
    {
        _host = await FullHost.StartAsync(
            configure: options => options.Sessions.IdleTimeout = TimeSpan.FromSeconds(1),
            build: static (builder, _) => builder.Services.AddRequestTimeouts(
                options => options.DefaultPolicy = new RequestTimeoutPolicy { Timeout = TimeSpan.FromSeconds(2) }),
            use: static app => app.UseWhen(
                static context => context.Request.Query.ContainsKey("known"), static waiting => waiting.UseRequestTimeouts()));
        await RecordAsync(0);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Get_AnotherChunkIsRecorded_AnswersThen()
    {
        var waiting = WaitAsync(1);
        // Longer than the application gives a request.
        await Task.Delay(TimeSpan.FromSeconds(2.5));
        Assert.False(waiting.IsCompleted);
        await RecordAsync(1);
        var manifest = await waiting;
        Assert.Equal(HttpStatusCode.OK, manifest.Status);
        Assert.Equal(2, manifest.Body.GetProperty("session").GetProperty("chunks").GetInt32());
        Assert.Equal(2, manifest.Body.GetProperty("windows")[0].GetProperty("chunks").GetArrayLength());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public async Task Get_AnotherNumberOfChunks_AnswersAtOnce(int known) =>
        Assert.Equal(HttpStatusCode.OK, (await WaitAsync(known)).Status);

    [Fact]
    public async Task Get_SessionEnds_AnswersAtOnce()
    {
        var waiting = WaitAsync(1);
        await _host.SweepAsync();
        Assert.False((await waiting).Body.GetProperty("session").GetProperty("live").GetBoolean());
        Assert.False((await WaitAsync(1)).Body.GetProperty("session").GetProperty("live").GetBoolean());
    }

    [Fact]
    public async Task Get_SessionIsDeleted_AnswersThatItIsGone()
    {
        var waiting = WaitAsync(1);
        await Task.Delay(Soon);
        await _host.StatusAsync(Path, HttpMethod.Delete, ("X-Session-Replay", "1"));
        Assert.Equal(HttpStatusCode.Gone, (await waiting).Status);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("1.0")]
    [InlineData("99999999999")]
    public async Task Get_KnownIsNoNumber_IsRefused(string known) =>
        Assert.Equal(HttpStatusCode.BadRequest, await _host.StatusAsync($"{Path}/manifest?known={known}"));

    [Fact]
    public async Task Get_WithATicket_HasNoRowEvenIfTheViewerGoesAway()
    {
        var view = (await _host.GetAsync($"{Path}/manifest")).GetProperty("view").GetString();
        var rows = await CountRowsAsync();
        using (var gone = new CancellationTokenSource(Soon))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => _host.Client.GetAsync(new Uri($"{Path}/manifest?known=1&view={view}", UriKind.Relative), gone.Token));
        }

        var waiting = WaitAsync(1, $"&view={view}");
        await RecordAsync(1);
        Assert.Equal(HttpStatusCode.OK, (await waiting).Status);
        await Task.Delay(Soon);
        Assert.Equal(rows, await CountRowsAsync());
    }

    [Fact]
    public async Task Get_ApplicationStops_AnswersAtOnce()
    {
        var waiting = WaitAsync(1);
        await Task.Delay(Soon);
        _host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        Assert.Equal(HttpStatusCode.NoContent, (await waiting.WaitAsync(TimeSpan.FromSeconds(10))).Status);
    }

    [Fact]
    public async Task Wait_NothingComes_EndsAfterTwentySecondsOfBeingWatched()
    {
        var clock = new FakeTimeProvider();
        var views = new LiveViews(clock);
        var (wait, begun) = (Wait(views, clock), clock.GetTimestamp());
        var waiting = wait.WaitAsync(Request(), await RowAsync(), 1, default).AsTask();
        while (!waiting.IsCompleted)
        {
            Assert.True(clock.GetElapsedTime(begun) < TimeSpan.FromSeconds(60));
            Assert.True(views.IsWatched(new(new("shop"), _session)));
            clock.Advance(TimeSpan.FromSeconds(0.25));
            await Task.Delay(20);
        }

        Assert.Equal((null, true), await waiting);
        Assert.True(clock.GetElapsedTime(begun) >= TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Wait_ViewerGoesAway_EndsWithoutAnError()
    {
        using var gone = new CancellationTokenSource();
        var clock = new FakeTimeProvider();
        var waiting = Wait(new(clock), clock).WaitAsync(Request(), await RowAsync(), 1, gone.Token).AsTask();
        Assert.False(waiting.IsCompleted);
        await gone.CancelAsync();
        Assert.Equal((null, true), await waiting);
    }

    private LiveWait Wait(LiveViews views, TimeProvider clock) => new(
        _host.Services.GetRequiredService<SessionFinder>(), views, _host.Services.GetRequiredService<IHostApplicationLifetime>(), clock);

    private DefaultHttpContext Request()
    {
        var context = new DefaultHttpContext();
        (context.Request.RouteValues["tenant"], context.Request.RouteValues["id"]) = ("shop", _session.ToString());
        return context;
    }

    private async Task<SessionRow> RowAsync() =>
        (await _host.Services.GetRequiredService<ICatalogReader>().FindSessionAsync(new(new("shop"), _session), default))!;

    private async Task<(HttpStatusCode Status, JsonElement Body)> WaitAsync(int known, string more = "")
    {
        using var answer = await _host.Client.GetAsync($"{Path}/manifest?known={known}{more}");
        var isFound = answer.StatusCode == HttpStatusCode.OK;
        return (answer.StatusCode, isFound ? await answer.Content.ReadFromJsonAsync<JsonElement>() : default);
    }

    /// <summary>Sends without asking for the manifest, which would write a row of its own.</summary>
    private async Task RecordAsync(uint seq)
    {
        Assert.Equal(HttpStatusCode.Accepted, await _host.SendAsync(BatchSamples.Create(_session, _window, seq)));
        var catalog = _host.Services.GetRequiredService<ICatalogReader>();
        await FullHost.WaitAsync(
            async () => (await catalog.FindSessionAsync(new(new("shop"), _session), default))?.Chunks == seq + 1, "the chunk");
    }

    private async Task<int> CountRowsAsync() =>
        (await _host.Services.GetRequiredService<IAuditLog>().ListAsync(null, null, 100, default)).Count;
}
