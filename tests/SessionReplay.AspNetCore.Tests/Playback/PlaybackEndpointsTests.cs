using System.Net;
using System.Text.Json;
using SessionReplay.Catalog;

namespace SessionReplay.AspNetCore.Tests.Playback;

public sealed class PlaybackEndpointsTests : IAsyncLifetime
{
    private readonly SessionId _session = BatchSamples.NewSession();
    private readonly WindowId _window = WindowId.Create(TimeProvider.System);
    private FullHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await FullHost.StartAsync();
        var full = BatchSamples.CreateFull();
        full.SessionId = BatchSamples.Create(_session, _window).SessionId;
        full.WindowId = BatchSamples.Create(_session, _window).WindowId;
        await _host.RecordAsync(_session, full, BatchSamples.Create(_session, _window, 3));
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("", true)]
    [InlineData("user=u-1", true)]
    [InlineData("user=ANN@shop.example", true)]
    [InlineData("user=nobody", false)]
    [InlineData("url=/cart", true)]
    [InlineData("url=https://shop.example", true)]
    [InlineData("url=https://shop.example/checkout?from=cart", true)]
    [InlineData("url=https://shop.example/check", false)]
    [InlineData("url=https://shop.example/cart/", true)]
    [InlineData("url=/", true)]
    [InlineData("user=%20U-1%20", true)]
    [InlineData("error=TypeError", true)]
    [InlineData("error=RangeError", false)]
    [InlineData("url=/cart%26event=checkout%26user=nobody", false)]
    [InlineData("url=/cart&event=checkout&user=u-1&error=TypeError", true)]
    [InlineData("url=/cart&event=other", false)]
    [InlineData("url=/nowhere", false)]
    [InlineData("hasError=true", true)]
    [InlineData("hasError=false", false)]
    [InlineData("event=checkout", true)]
    [InlineData("event=other", false)]
    [InlineData("tenant=shop", true)]
    public async Task Search_EachFilter_FindsWhatFits(string query, bool found)
    {
        var sessions = (await _host.GetAsync($"api/sessions?{query}")).GetProperty("sessions").EnumerateArray().ToList();

        Assert.Equal(found, sessions.Count == 1);
        if (found)
        {
            Assert.Equal(_session.ToString(), sessions[0].GetProperty("id").GetString());
            Assert.Equal("ann@shop.example", sessions[0].GetProperty("user").GetProperty("email").GetString());
            Assert.Equal("127.0.0.1", sessions[0].GetProperty("ip").GetString());
            Assert.Equal("https://shop.example/cart", sessions[0].GetProperty("entryUrl").GetString());
        }
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("limit=x")]
    [InlineData("from=-1")]
    [InlineData("to=1e9")]
    [InlineData("cursor=!!!")]
    [InlineData("cursor=MTIz")]
    [InlineData("hasError=maybe")]
    [InlineData("user=a&user=b")]
    public async Task Search_BadParameter_Is400(string query) =>
        Assert.Equal(HttpStatusCode.BadRequest, await _host.StatusAsync($"api/sessions?{query}"));

    [Fact]
    public async Task Manifest_MissingBatches_AreToldAsRanges()
    {
        var manifest = await _host.GetAsync($"api/tenants/shop/sessions/{_session}/manifest");

        var window = Assert.Single(manifest.GetProperty("windows").EnumerateArray());
        Assert.Equal(_window.ToString(), window.GetProperty("id").GetString());
        Assert.Equal("[[1,2]]", window.GetProperty("missing").GetRawText());
        Assert.Equal([0, 3], window.GetProperty("chunks").EnumerateArray().Select(c => c.GetProperty("seq").GetInt32()));
        var kinds = manifest.GetProperty("markers").EnumerateArray().Select(m => m.GetProperty("kind").GetString()).ToHashSet();
        Assert.Superset(new HashSet<string?> { "click", "error", "custom", "navigation", "rage_click" }, kinds);
    }

    [Fact]
    public async Task Manifest_Chunk_TellsWhenTheVisitorWasActive()
    {
        var manifest = await _host.GetAsync($"api/tenants/shop/sessions/{_session}/manifest");

        var chunk = manifest.GetProperty("windows")[0].GetProperty("chunks")[1];
        var (from, to) = (chunk.GetProperty("from").GetInt64(), chunk.GetProperty("to").GetInt64());
        Assert.Equal($"[[{from},{to}]]", chunk.GetProperty("active").GetRawText());
    }

    [Fact]
    public async Task Manifest_AskedForAsGzip_IsTheSame()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/tenants/shop/sessions/{_session}/manifest");
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        using var answer = await _host.Client.SendAsync(request);
        Assert.Equal("gzip", answer.Content.Headers.ContentEncoding.Single());
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        Assert.True(answer.Headers.CacheControl!.NoStore);

        var unpacked = JsonSerializer.Deserialize<JsonElement>(BatchSamples.Gunzip(await answer.Content.ReadAsByteArrayAsync()));
        var view = unpacked.GetProperty("view").GetString();
        Assert.Equal(
            (await _host.GetAsync($"api/tenants/shop/sessions/{_session}/manifest?view={view}")).GetRawText(), unpacked.GetRawText());
    }

    [Fact]
    public async Task Detail_Session_ListsItsPages()
    {
        var detail = await _host.GetAsync($"api/tenants/shop/sessions/{_session}");

        Assert.Equal(_session.ToString(), detail.GetProperty("session").GetProperty("id").GetString());
        Assert.Contains(
            "https://shop.example/checkout", detail.GetProperty("pageList").EnumerateArray().Select(p => p.GetProperty("url").GetString()));
    }

    [Theory]
    [InlineData("api/tenants/shop/sessions/nonsense")]
    [InlineData("api/tenants/shop/sessions/01990000000070008000000000000000")]
    [InlineData("api/tenants/shop/sessions/01990000000070008000000000000000/manifest")]
    [InlineData("api/tenants/shop/sessions/01990000000070008000000000000000/batches?stretch={1}.0-0")]
    [InlineData("api/tenants/other/sessions/{0}/batches?stretch={1}.0-0")]
    [InlineData("api/tenants/other/sessions/{0}/assets?hash=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("api/tenants/shop/sessions/{0}/chunks/{1}/0")]
    public async Task AnyRead_UnknownThing_Is404(string path) => Assert.Equal(
        HttpStatusCode.NotFound,
        await _host.StatusAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, path, _session, _window)));

    [Fact]
    public async Task Chunk_TamperedWith_IsAProblemWithItsRuleAndNoPlaintext()
    {
        await _host.SweepAsync();
        var blob = _host.Blobs().Single(b => b.Contains(_session.ToString(), StringComparison.Ordinal));
        var path = Path.Combine(_host.DataFolder, "blobs", blob);
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[100] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);

        var records = await _host.BatchesAsync(_session, new ChunkStretch(_window, 0, 9));

        Assert.Equal([("chunk-corrupt", "C6"), (null, null), (null, null)], records.Select(record => (record.Problem, record.Rule)));
        Assert.Empty(records[0].Body);
        Assert.Equal(BatchSamples.Create(_session, _window, 3), Wire.EventBatch.Parser.ParseFrom(records[1].Unpack()));
    }

    [Fact]
    public async Task Delete_Session_LeavesNothingAndRefusesLateBatches()
    {
        Assert.Equal(HttpStatusCode.Forbidden, await _host.StatusAsync($"api/tenants/shop/sessions/{_session}", HttpMethod.Delete));
        Assert.Equal(
            HttpStatusCode.NoContent,
            await _host.StatusAsync($"api/tenants/shop/sessions/{_session}", HttpMethod.Delete, ("X-Session-Replay", "1")));

        Assert.DoesNotContain(_host.Blobs(), b => b.Contains(_session.ToString(), StringComparison.Ordinal));
        foreach (var path in new[] { "", "/manifest", $"/batches?stretch={_window}.0-0" })
        {
            Assert.Equal(HttpStatusCode.Gone, await _host.StatusAsync($"api/tenants/shop/sessions/{_session}{path}"));
        }

        Assert.Empty((await _host.GetAsync("api/sessions")).GetProperty("sessions").EnumerateArray());
        Assert.Equal(HttpStatusCode.Gone, await _host.SendAsync(BatchSamples.Create(_session, _window, 9)));
    }

    [Fact]
    public async Task Audit_EveryAttempt_IsWrittenWithItsOutcome()
    {
        await _host.StatusAsync($"api/tenants/shop/sessions/{_session}", HttpMethod.Delete);
        await _host.GetAsync($"api/tenants/shop/sessions/{_session}/manifest");

        var rows = (await _host.GetAsync($"api/audit?tenant=shop&session={_session}")).GetProperty("rows").EnumerateArray().ToList();
        Assert.Contains(rows, r => r.GetProperty("action").GetString() == "session.delete" && !r.GetProperty("allowed").GetBoolean());
        Assert.Contains(rows, r => r.GetProperty("action").GetString() == "session.view" && r.GetProperty("allowed").GetBoolean());
        Assert.Null(
            await ((SessionReplay.Audit.IAuditLog)_host.Services.GetService(typeof(SessionReplay.Audit.IAuditLog))!)
                .FindBreakAsync(default));
    }
}
