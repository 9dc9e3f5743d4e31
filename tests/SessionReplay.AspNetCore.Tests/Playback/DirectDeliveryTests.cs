using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SessionReplay.Catalog;
using SessionReplay.Storage;
using SessionReplay.Wire;

namespace SessionReplay.AspNetCore.Tests.Playback;

/// <summary>Answers that refer to objects instead of holding what is in them.</summary>
public sealed class DirectDeliveryTests : IAsyncLifetime
{
    private const string Edge = "https://cdn.example.com/recordings";

    private readonly SessionId _session = BatchSamples.NewSession();
    private readonly WindowId _window = WindowId.Create(TimeProvider.System);
    private readonly List<(string Key, DateTimeOffset Expires)> _presigned = [];
    private WatchedBlobStore _store = null!;
    private FullHost _host = null!;

    public async Task InitializeAsync() => _host = await StartAsync(options => options.Playback.Delivery = PlaybackDelivery.Direct);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Get_Direct_RefersToTheObjectAndItsKeyOpensTheChunks()
    {
        await RecordAsync(isCompacted: true);
        _presigned.Clear();
        var before = TimeProvider.System.GetUtcNow();

        var records = await DirectAsync();

        var (key, expires) = Assert.Single(_presigned);
        Assert.InRange(expires, before.AddMinutes(5), TimeProvider.System.GetUtcNow().AddMinutes(5));
        Assert.Empty(_store.Reads);
        var head = records[0].Head;
        Assert.Equal($"https://store.example.com/{key}?signature=x", head.GetProperty("url").GetString());
        var blob = await File.ReadAllBytesAsync(Path.Combine(_host.DataFolder, "blobs", key));
        Assert.Equal([0u, 1, 2], records[1..^1].Select(record => record.Seq));
        Assert.Equal(16, head.GetProperty("offset").GetInt64());
        Assert.Equal(
            records[1..^1].Sum(record => record.Head.GetProperty("size").GetInt64()), head.GetProperty("length").GetInt64());
        Assert.All(records, record => Assert.Empty(record.Body));
        Assert.False(records[^1].HasMore);
        foreach (var record in records[1..^1])
        {
            var (at, size) = (record.Head.GetProperty("offset").GetInt32(), record.Head.GetProperty("size").GetInt32());
            Assert.Equal(BatchSamples.Create(_session, _window, record.Seq), Open(records[0], blob.AsSpan(at, size)));
        }
    }

    [Theory]
    [InlineData(false, "delivery=direct")]
    [InlineData(true, "delivery=application")]
    [InlineData(true, "delivery=Direct")]
    [InlineData(true, "delivery=direct&delivery=direct")]
    public async Task Get_InTheCatalogOrNotAskedFor_ComesFromTheApplication(bool isCompacted, string query)
    {
        await RecordAsync(isCompacted);
        _presigned.Clear();

        var records = await PlaybackStream.GetAsync(_host.Client, $"{Batches()}&{query}");

        Assert.Empty(_presigned);
        Assert.Equal([0u, 1, 2], records[..^1].Select(record => record.Seq));
        Assert.All(records[..^1], record => Assert.NotEmpty(record.Unpack()));
    }

    [Fact]
    public async Task Get_ApplicationDelivers_NobodyGetsAKey()
    {
        _presigned.Clear();
        await using var host = await StartAsync(static _ => { });
        await host.RecordAsync(_session, BatchSamples.Create(_session, _window, 0));
        await host.SweepAsync();

        var records = await PlaybackStream.GetAsync(host.Client, $"{Batches()}&delivery=direct");

        Assert.False(records[0].Head.TryGetProperty("chunkKey", out _));
        Assert.NotEmpty(records[0].Unpack());
        Assert.Empty(_presigned);
    }

    [Fact]
    public async Task Get_NotAllowedOrDeleted_NobodyGetsAKey()
    {
        await RecordAsync(isCompacted: true);
        using var stranger = new HttpRequestMessage(HttpMethod.Get, $"{Batches()}&delivery=direct");
        stranger.Headers.Add("X-Forwarded-For", "1.2.3.4");
        using var refused = await _host.Client.SendAsync(stranger);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.DoesNotContain("chunkKey", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        Assert.Equal(
            HttpStatusCode.NoContent,
            await _host.StatusAsync($"api/tenants/shop/sessions/{_session}", HttpMethod.Delete, ("X-Session-Replay", "1")));
        using var gone = await _host.Client.GetAsync($"{Batches()}&delivery=direct");
        Assert.Equal(HttpStatusCode.Gone, gone.StatusCode);
        Assert.DoesNotContain("chunkKey", await gone.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task Get_WithAnEdgeAddress_RefersToThePathBelowIt(string end)
    {
        await using var host = await StartAsync(options =>
            (options.Playback.Delivery, options.Playback.EdgeAddress) = (PlaybackDelivery.Direct, Edge + end));
        await host.RecordAsync(_session, BatchSamples.Create(_session, _window, 0));
        await host.SweepAsync();
        _presigned.Clear();

        var records = await PlaybackStream.GetAsync(host.Client, $"{Batches()}&delivery=direct");

        Assert.Equal($"{Edge}/{Assert.Single(_presigned).Key}?signature=x", records[0].Head.GetProperty("url").GetString());
        Assert.Equal(
            new Uri("https://cdn.example.com"), host.Services.GetRequiredKeyedService<Uri>("SessionReplay:Playback:EdgeAddress"));
    }

    [Fact]
    public async Task Get_StoreCannotSignNow_ComesFromTheApplication()
    {
        await RecordAsync(isCompacted: true);
        _store.Presign = static (_, _) => throw new BlobStoreUnavailableException("Nobody signs.");

        var records = await DirectAsync();

        Assert.Equal([0u, 1, 2], records[..^1].Select(record => record.Seq));
        Assert.All(records[..^1], record => Assert.NotEmpty(record.Unpack()));
    }

    [Fact]
    public async Task Get_DirectWithoutATicket_IsAuditedAsAllOfTheSession()
    {
        await RecordAsync(isCompacted: true);

        await DirectAsync();

        var row = (await _host.GetAsync($"api/audit?tenant=shop&session={_session}")).GetProperty("rows")[0];
        Assert.EndsWith("and what opens all of the session", row.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_EmbeddedStore_SaysThatItCannotPresign()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            FullHost.StartAsync(configure: options => options.Playback.Delivery = PlaybackDelivery.Direct));

        Assert.Contains("the blob store cannot presign URLs", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cdn.example.com")]
    [InlineData("http://cdn.example.com")]
    [InlineData("https://cdn.example.com/?x=1")]
    [InlineData("https://user@cdn.example.com")]
    [InlineData("/recordings")]
    public async Task Start_BadEdgeAddress_SaysWhatToWrite(string address)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            FullHost.StartAsync(configure: options => options.Playback.EdgeAddress = address));

        Assert.Contains($"'SessionReplay:Playback:EdgeAddress' is '{address}'; use an https URL", error.Message, StringComparison.Ordinal);
    }

    private static EventBatch Open(PlaybackRecord reference, ReadOnlySpan<byte> chunk)
    {
        var commitment = Convert.FromBase64String(reference.Head.GetProperty("commitment").GetString()!);
        Assert.True(chunk[132..148].SequenceEqual(commitment));
        using var cipher = new AesGcm(Convert.FromBase64String(reference.Head.GetProperty("chunkKey").GetString()!), 16);
        var payload = new byte[chunk.Length - 176];
        cipher.Decrypt(chunk[120..132], chunk[160..^16], chunk[^16..], payload, chunk[..160]);
        using var gzip = new GZipStream(new MemoryStream(payload), CompressionMode.Decompress);
        return EventBatch.Parser.ParseFrom(gzip);
    }

    private string Batches() => FullHost.BatchesPath(_session, new ChunkStretch(_window, 0, 9));

    private Task<List<PlaybackRecord>> DirectAsync() => PlaybackStream.GetAsync(_host.Client, $"{Batches()}&delivery=direct");

    private Task<FullHost> StartAsync(Action<SessionReplayOptions> configure) => FullHost.StartAsync(
        configure: configure,
        build: (_, replay) => replay.Services.Decorate<IBlobStore>(inner => _store = new(inner)
        {
            Presign = (key, expires) =>
            {
                _presigned.Add((key, expires));
                return new($"https://store.example.com/{key}?signature=x");
            },
        }));

    private async Task RecordAsync(bool isCompacted)
    {
        await _host.RecordAsync(_session, [.. Enumerable.Range(0, 3).Select(seq => BatchSamples.Create(_session, _window, (uint)seq))]);
        if (isCompacted)
        {
            await _host.SweepAsync();
        }

        _store.Reads.Clear();
    }
}
