using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Tests.Playback;

/// <summary>Assets of a session, several in an answer.</summary>
public sealed class AssetsEndpointTests : IAsyncLifetime
{
    private readonly SessionId _session = BatchSamples.NewSession();
    private WatchedBlobStore _store = null!;
    private FullHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await FullHost.StartAsync(
            configure: o => (o.Ingest.AssetBytesPerHourPerAddress, o.Ingest.MaxSessionAssetBytes) = (1 << 30, 1 << 30),
            build: (_, replay) => replay.Services.Decorate<IBlobStore>(inner => _store = new(inner)));
        await _host.RecordAsync(_session, BatchSamples.Create(_session, WindowId.Create(TimeProvider.System)));
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Get_SomeThatAreThere_ComeInOrderAndTheOthersAreLeftOut()
    {
        var sheet = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("p { color: red }\n", 100)));
        byte[] image = [.. "GIF89a"u8, .. RandomNumberGenerator.GetBytes(500)];
        var (css, gif, absent) = (await PutAsync(sheet, "text/css"), await PutAsync(image, "image/gif"), new string('0', 64));

        var records = await _host.AssetsAsync(_session, gif, absent, css, gif);

        Assert.Equal([gif, css], records.Select(record => record.Asset));
        Assert.Equal(["image/gif", "text/css"], records.Select(record => record.Head.GetProperty("type").GetString()));
        Assert.Equal("gzip", records[1].Head.GetProperty("encoding").GetString());
        Assert.True(records[1].Body.Length < sheet.Length);
        Assert.Equal(image, records[0].Unpack());
        Assert.Equal(sheet, records[1].Unpack());
        Assert.Empty(await _host.AssetsAsync(_session, absent));
    }

    [Fact]
    public async Task Get_MoreThanAnAnswerHolds_EndsEarlyAndSaysSo()
    {
        var hashes = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            hashes.Add(await PutAsync([.. "GIF89a"u8, .. RandomNumberGenerator.GetBytes(7_000_000)], "image/gif"));
        }

        var path = $"api/tenants/shop/sessions/{_session}/assets?hash={string.Join("&hash=", hashes)}";
        var records = await PlaybackStream.GetAsync(_host.Client, path);

        Assert.Equal(hashes[..2], records[..^1].Select(record => record.Asset));
        Assert.True(records[^1].HasMore);
    }

    [Fact]
    public async Task Get_DamagedAndDeleted_TheOthersComeAllTheSame()
    {
        string[] hashes = [await PutAsync("p { color: red }"u8.ToArray()), await PutAsync("p { color: blue }"u8.ToArray()),
            await PutAsync("p { color: green }"u8.ToArray())];
        _store.Reads.Clear();
        Assert.Equal(3, (await _host.AssetsAsync(_session, hashes)).Count);
        var files = _store.Reads.Select(key => Path.Combine(_host.DataFolder, "blobs", key)).ToArray();
        File.Delete(files[0]);
        var bytes = await File.ReadAllBytesAsync(files[1]);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(files[1], bytes);

        var records = await _host.AssetsAsync(_session, hashes);
        Assert.Equal(hashes[1..], records.Select(record => record.Asset));
        Assert.Equal([("chunk-corrupt", "C6"), (null, null)], records.Select(record => (record.Problem, record.Rule)));
        Assert.Empty(records[0].Body);
        await File.WriteAllBytesAsync(files[1], [1]);
        Assert.Equal("C1", (await _host.AssetsAsync(_session, hashes))[0].Rule);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    [InlineData(1, "ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789")]
    [InlineData(1, "0123")]
    [InlineData(1, "")]
    public async Task Get_BadHash_IsAProblemThatSaysWhatToSend(int count, string? hash = null)
    {
        var query = string.Join('&', Enumerable.Repeat($"hash={hash ?? new string('0', 64)}", count));
        using var answer = await _host.Client.GetAsync($"api/tenants/shop/sessions/{_session}/assets?{query}");

        var problem = await IngestHost.ProblemAsync(answer, HttpStatusCode.BadRequest, "query-invalid");
        Assert.Contains("1 to 64 times", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private async Task<string> PutAsync(byte[] bytes, string type = "text/css")
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        using var content = IngestHost.Body(Upload.Frame(bytes));
        using var answer = await _host.Client.PostAsync($"v1/sessions/{_session}/assets/{hash}?type={type}&key={FullHost.Key}", content);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        return hash;
    }
}
