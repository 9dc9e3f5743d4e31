using System.Net;

namespace SessionReplay.FaultTests.Proxy;

/// <summary>The proxy does to its peer what the other tests rely on.</summary>
public sealed class FaultProxyTests : IAsyncLifetime
{
    private const int Size = 100_000;
    private readonly RecordingPeer _peer = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(1) };
    private FaultProxy? _proxy;

    private FaultProxy Proxy => _proxy!;

    public Task InitializeAsync()
    {
        _proxy = new(_peer.Port);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await Proxy.DisposeAsync();
        _peer.Dispose();
    }

    [Fact]
    public async Task None_Put_ArrivesAndIsKept()
    {
        Assert.Equal(HttpStatusCode.OK, await PutAsync("a"));
        Assert.Equal(HttpStatusCode.OK, await PutAsync("b"));

        Assert.Equal([Size, Size], _peer.Bodies);
        Assert.Equal(["a", "b"], Proxy.Exchanges.Where(exchange => exchange.IsPut).Select(exchange => exchange.ObjectKey));
        Assert.Equal(0, Proxy.Struck);
    }

    [Fact]
    public async Task Refused_ThenNone_NobodyListensAndTheSamePortServesAgain()
    {
        await PutAsync("a");
        Proxy.Fault = Fault.Refused;

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => PutAsync("b"));
        Proxy.Fault = Fault.None;

        Assert.Equal(HttpRequestError.ConnectionError, error.HttpRequestError);
        Assert.Equal(HttpStatusCode.OK, await PutAsync("c"));
        Assert.Equal([Size, Size], _peer.Bodies);
    }

    [Fact]
    public async Task Errors_Put_IsAnsweredAndDoesNotReachThePeer()
    {
        Proxy.Fault = Fault.Errors(503, 1);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await PutAsync("a"));
        Assert.Empty(_peer.Bodies);
        Assert.Equal(1, Proxy.Struck);
    }

    [Fact]
    public async Task RequestCut_Put_ReachesThePeerInPart()
    {
        Proxy.Fault = Fault.RequestCut(5000);

        await Assert.ThrowsAsync<HttpRequestException>(() => PutAsync("a"));
        for (var i = 0; i < 600 && _peer.Bodies.IsEmpty; i++)
        {
            await Task.Delay(50);
        }

        Assert.InRange(Assert.Single(_peer.Bodies), 1, 4999);
        Assert.Empty(Proxy.Exchanges);
        Assert.Equal(1, Proxy.Struck);
    }

    [Fact]
    public async Task AnswerCut_Put_ReachesThePeerWholeAndTheCallerSeesNoAnswer()
    {
        Proxy.Fault = Fault.AnswerCut;

        await Assert.ThrowsAsync<HttpRequestException>(() => PutAsync("a"));

        Assert.Equal([Size], _peer.Bodies);
        Assert.Equal(200, Assert.Single(Proxy.Exchanges).Status);
    }

    [Fact]
    public async Task AnswerCutAfter_Put_TheCallerSeesThatTheAnswerBreaksOff()
    {
        Proxy.Fault = Fault.AnswerCutAfter(20);

        await Assert.ThrowsAsync<HttpRequestException>(() => PutAsync("a"));

        Assert.Equal([Size], _peer.Bodies);
        Assert.Equal(1, Proxy.Struck);
    }

    [Fact]
    public async Task On_AnotherRequest_IsLeftAlone()
    {
        Proxy.Fault = Fault.Errors(500, 1).On("/bucket/b");
        Assert.Equal(HttpStatusCode.OK, await PutAsync("a"));
        Assert.Equal(HttpStatusCode.InternalServerError, await PutAsync("b"));

        Proxy.Fault = Fault.Held.On("/bucket/d");
        var held = PutAsync("d");
        Assert.Equal(HttpStatusCode.OK, await PutAsync("c"));
        for (var i = 0; i < 1200 && Proxy.Struck < 2; i++)
        {
            await Task.Delay(50);
        }

        Assert.Equal(2, Proxy.Struck);
        Assert.False(held.IsCompleted);
        Proxy.Fault = Fault.None;
        Assert.Equal(HttpStatusCode.OK, await held);
    }

    [Fact]
    public async Task Held_ThenNone_ArrivesAfterwards()
    {
        Proxy.Fault = Fault.Held;
        var put = PutAsync("a");
        await Task.Delay(200);
        Assert.Empty(_peer.Bodies);

        Proxy.Fault = Fault.None;

        Assert.Equal(HttpStatusCode.OK, await put);
    }

    [Fact]
    public async Task Held_ThenReset_ReachesNobody()
    {
        Proxy.Fault = Fault.Held;
        var put = PutAsync("a");
        await Task.Delay(200);

        Proxy.Reset();
        Proxy.Fault = Fault.None;

        await Assert.ThrowsAsync<HttpRequestException>(() => put);
        Assert.Empty(Proxy.Exchanges);
        Assert.DoesNotContain(Size, _peer.Bodies);
    }

    private async Task<HttpStatusCode> PutAsync(string name)
    {
        using var content = new ByteArrayContent(new byte[Size]);
        using var answer = await _http.PutAsync($"{Proxy.Url}/bucket/{name}", content);
        return answer.StatusCode;
    }
}
