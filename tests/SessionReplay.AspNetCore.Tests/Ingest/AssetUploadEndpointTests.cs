using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.AspNetCore.Ingest;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Keys;

namespace SessionReplay.AspNetCore.Tests.Ingest;

public sealed class AssetUploadEndpointTests
{
    private static readonly string Assets = $"v1/sessions/{BatchSamples.NewSession()}/assets";
    private static readonly byte[] Css = Encoding.UTF8.GetBytes(
        string.Concat(Enumerable.Range(0, 200).Select(i => $".a{i} {{ margin: {i}px }}\n")));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_Stylesheet_IsSealed(bool compressed)
    {
        await using var host = await IngestHost.StartAsync();
        var hash = Hash(Css);
        Assert.Equal([hash], await MissingAsync(host, hash));

        var body = compressed ? BatchSamples.Gzip(Css) : Css;
        using var response = await PostAsync(host, hash, body);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal([hash], await MissingAsync(host, hash));
        var (header, payload) = await OpenAsync(host, hash);
        Assert.Equal(
            (AssetMediaType.Css, (uint)Css.Length, ChunkCompression.Gzip), (header.MediaType, header.ContentLength, header.Compression));
        Assert.Equal(Css, BatchSamples.Gunzip(payload));
        if (compressed)
        {
            Assert.Equal(body, payload);
        }
    }

    /// <summary>Who has a visitor's picture and the public key must not learn whether it was recorded.</summary>
    [Theory]
    [InlineData(0L, true)]
    [InlineData(0x3FL, true)]
    [InlineData(0x7FFFL, false)]
    [InlineData(-1L, false)]
    public async Task Missing_AssetThatTheSessionDoesNotName_IsThereOnlyWhenManyNetworksHaveSentIt(long senders, bool isMissing)
    {
        await using var host = await IngestHost.StartAsync();
        using var response = await PostAsync(host, Hash(Css), Css);
        var catalog = host.Services.GetRequiredService<IAssetCatalog>();
        var stored = Assert.Single(await catalog.ListAsync(new("shop"), null, 10, default));
        Assert.Equal(1, System.Numerics.BitOperations.PopCount((ulong)stored.Senders));
        Assert.True(await catalog.ConfirmAsync(stored with { Senders = senders }, null, default));

        Assert.Equal(isMissing ? [Hash(Css)] : [], await MissingAsync(host, Hash(Css)));
        Assert.Equal([Hash(Css)], await MissingAsync(host, Hash(Css), "wk_other_12345678", null));
    }

    [Fact]
    public async Task Senders_ManyNetworks_HaveManyBitsAndOneNetworkOne()
    {
        await using var host = await IngestHost.StartAsync();
        using var indexer = await host.Services.GetRequiredService<ITenantCipherProvider>().GetBlindIndexerAsync(new("shop"), default);
        var many = Enumerable.Range(1, 200).Select(i => AssetSenders.Of(indexer, System.Net.IPAddress.Parse($"192.0.2.{i}")))
            .Aggregate(0L, static (all, one) => all | one);
        var one = Enumerable.Range(1, 200).Select(i => AssetSenders.Of(indexer, System.Net.IPAddress.Parse($"2001:db8:0:1::{i:x}")))
            .Aggregate(0L, static (all, one) => all | one);

        Assert.InRange(System.Numerics.BitOperations.PopCount((ulong)many), 40, 64);
        Assert.Equal(1, System.Numerics.BitOperations.PopCount((ulong)one));
    }

    /// <summary>The content alone decides, so nobody can have a site's file stored first as something else.</summary>
    [Theory]
    [InlineData("<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' ''><svg xmlns='http://www.w3.org/2000/svg'/>", "text/css", null)]
    [InlineData("<!-- Generator --><svg xmlns='http://www.w3.org/2000/svg'/>", "text/css", null)]
    [InlineData("<!-- Generator --><svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", AssetMediaType.Svg)]
    [InlineData("<!-- a{color:red} -->", "image/svg+xml", null)]
    [InlineData("GIF89a of whatever content", "image/png", AssetMediaType.Gif)]
    [InlineData("GIF89a of whatever content", "text/css", null)]
    [InlineData("wOFF of whatever content", "font/woff2", AssetMediaType.Woff)]
    public async Task Post_Content_IsStoredAsWhatItIs(string text, string claimed, AssetMediaType? expected)
    {
        await using var host = await IngestHost.StartAsync();
        var content = Encoding.UTF8.GetBytes(text);
        using var response = await PostAsync(host, Hash(content), content, claimed);
        Assert.Equal(expected is null ? HttpStatusCode.BadRequest : HttpStatusCode.NoContent, response.StatusCode);
        if (expected is not null)
        {
            Assert.Equal(expected, (await OpenAsync(host, Hash(content))).Header.MediaType);
        }
    }

    [Fact]
    public async Task Post_StylesheetWithSecret_IsSanitizedUnderItsOwnHash()
    {
        await using var host = await IngestHost.StartAsync();
        var css = Encoding.UTF8.GetBytes("a::after{content:'4111 1111 1111 1111'}");
        using var response = await PostAsync(host, Hash(css), BatchSamples.Gzip(css));
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        var (header, payload) = await OpenAsync(host, Hash(css));
        Assert.Equal(ChunkCompression.None, header.Compression);
        Assert.Equal("a::after{content:'[card]*************'}", Encoding.UTF8.GetString(payload));
    }

    [Fact]
    public async Task Post_Image_IsKeptAsItIs()
    {
        await using var host = await IngestHost.StartAsync();
        var image = RandomNumberGenerator.GetBytes(5000);
        ((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]).CopyTo(image);
        using var response = await PostAsync(host, Hash(image), image, "image/png");
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(image, (await OpenAsync(host, Hash(image))).Payload);
    }

    [Fact]
    public async Task Post_WrongHashTypeOrContent_Is400()
    {
        await using var host = await IngestHost.StartAsync();
        using var wrongHash = await PostAsync(host, Hash([1]), Css);
        await IngestHost.ProblemAsync(wrongHash, HttpStatusCode.BadRequest, "asset-invalid");
        using var noHash = await PostAsync(host, "xyz", Css);
        await IngestHost.ProblemAsync(noHash, HttpStatusCode.BadRequest, "query-invalid");
        using var script = await PostAsync(host, Hash(Css), Css, "text/javascript");
        await IngestHost.ProblemAsync(script, HttpStatusCode.BadRequest, "query-invalid");
        using var cut = await PostAsync(host, Hash(Css), BatchSamples.Gzip(Css)[..^1]);
        await IngestHost.ProblemAsync(cut, HttpStatusCode.BadRequest, "asset-invalid");
        byte[] notText = [0xFF, 0xFE, 1];
        using var binary = await PostAsync(host, Hash(notText), notText);
        await IngestHost.ProblemAsync(binary, HttpStatusCode.BadRequest, "asset-invalid");
        Assert.Equal([Hash(Css)], await MissingAsync(host, Hash(Css)));
    }

    [Theory]
    [InlineData("a{color:red} /* 4111111111111111 */", "image/png")]
    [InlineData("a{color:red}", "font/woff2")]
    [InlineData("a{color:red}", "image/svg+xml")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>", "text/css")]
    [InlineData("\uFEFF <?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "text/css")]
    [InlineData("<html><script>alert(1)</script></html>", "image/gif")]
    public async Task Post_ContentOfAnotherType_Is400AndNotStored(string text, string type)
    {
        await using var host = await IngestHost.StartAsync();
        var content = Encoding.UTF8.GetBytes(text);
        using var response = await PostAsync(host, Hash(content), content, type);
        await IngestHost.ProblemAsync(response, HttpStatusCode.BadRequest, "asset-invalid");
        Assert.Equal([Hash(content)], await MissingAsync(host, Hash(content)));
    }

    [Theory]
    [InlineData("\uFEFF<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml")]
    [InlineData("<!-- a{color:red} -->", "text/css")]
    [InlineData("GIF89a of whatever content", "image/png")]
    [InlineData("wOFF of whatever content", "font/woff2")]
    public async Task Post_ContentThatBrowsersTake_IsTaken(string text, string type)
    {
        await using var host = await IngestHost.StartAsync();
        var content = Encoding.UTF8.GetBytes(text);
        using var response = await PostAsync(host, Hash(content), content, type);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    [Fact]
    public async Task Post_TooLargeOrBomb_IsRefused()
    {
        await using var host = await IngestHost.StartAsync(options => options.Ingest.MaxAssetBytes = 65_536);
        var large = new byte[70_000];
        using var told = await PostAsync(host, Hash(large), large);
        await IngestHost.ProblemAsync(told, HttpStatusCode.RequestEntityTooLarge, "batch-too-large");
        using var bomb = await PostAsync(host, Hash(large), BatchSamples.Gzip(large));
        await IngestHost.ProblemAsync(bomb, HttpStatusCode.BadRequest, "asset-invalid");
    }

    [Theory]
    [InlineData("not a hash")]
    [InlineData(null)]
    public async Task Missing_NoHashesOrTooMany_Is400(string? body)
    {
        await using var host = await IngestHost.StartAsync();
        var text = body ?? string.Join('\n', Enumerable.Repeat(Hash([1]), 257));
        using var response =
            await host.PostAsync($"{Assets}/missing?key={IngestHost.Key}", IngestHost.Body(Upload.Frame(Encoding.UTF8.GetBytes(text))));
        Assert.True(response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Request_WithoutTheSessionsSecret_IsRefused()
    {
        await using var host = await IngestHost.StartAsync();
        var session = BatchSamples.NewSession();
        using var begun =
            await host.SendAsync(BatchSamples.Gzip(BatchSamples.Create(session, WindowId.Create(TimeProvider.System)).ToByteArray()));
        Assert.Equal(HttpStatusCode.Accepted, begun.StatusCode);
        var path = $"v1/sessions/{session}/assets";
        var query = $"key={IngestHost.Key}&type=text/css";
        var other = Upload.Frame(Css, RandomNumberGenerator.GetBytes(16));

        using var put = await host.PostAsync($"{path}/{Hash(Css)}?{query}", IngestHost.Body(other));
        await IngestHost.ProblemAsync(put, HttpStatusCode.Forbidden, "session-secret");
        using var asked =
            await host.PostAsync(
                $"{path}/missing?{query}",
                IngestHost.Body(Upload.Frame(Encoding.ASCII.GetBytes(Hash(Css)), RandomNumberGenerator.GetBytes(16))));
        await IngestHost.ProblemAsync(asked, HttpStatusCode.Forbidden, "session-secret");
        using var bare = await host.PostAsync($"{path}/{Hash(Css)}?{query}", IngestHost.Body(Css));
        await IngestHost.ProblemAsync(bare, HttpStatusCode.BadRequest, "batch-invalid");
        using var noId = await host.PostAsync($"v1/sessions/xyz/assets/{Hash(Css)}?{query}", IngestHost.Body(other));
        await IngestHost.ProblemAsync(noId, HttpStatusCode.NotFound, "not-found");
        Assert.Equal([Hash(Css)], await MissingAsync(host, Hash(Css)));
        using var own = await host.PostAsync($"{path}/{Hash(Css)}?{query}", IngestHost.Body(Upload.Frame(Css)));
        Assert.Equal(HttpStatusCode.NoContent, own.StatusCode);
    }

    [Fact]
    public async Task Post_MoreThanTheTenantMayHave_IsRefusedAndTheRestGoesOn()
    {
        await using var host = await IngestHost.StartAsync(o => o.Ingest.MaxTenantAssetBytes = 1024 * 1024);
        byte[] large = [.. "GIF89a"u8, .. RandomNumberGenerator.GetBytes(700_000)];
        byte[] beyond = [.. "GIF89a"u8, .. RandomNumberGenerator.GetBytes(700_000)];
        using var first = await PostAsync(host, Hash(large), large, "image/gif");
        Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        using var second = await PostAsync(host, Hash(beyond), beyond, "image/gif");
        Assert.True(
            (await IngestHost.ProblemAsync(second, HttpStatusCode.TooManyRequests, "asset-quota")).GetProperty("final").GetBoolean());
        using var small = await PostAsync(host, Hash(Css), Css);
        Assert.Equal(HttpStatusCode.NoContent, small.StatusCode);
        Assert.Equal([Hash(beyond)], await MissingAsync(host, Hash(beyond)));
    }

    [Fact]
    public async Task Post_NamesMoreAssetsThanItMay_IsRefused()
    {
        await using var host = await IngestHost.StartAsync();
        var names = string.Concat(Enumerable.Range(0, 1_025).Select(i => $"a{i}{{b:url(sr-asset:{Hash(BitConverter.GetBytes(i))})}}"));
        var css = Encoding.UTF8.GetBytes(names);
        using var response = await PostAsync(host, Hash(css), css);
        await IngestHost.ProblemAsync(response, HttpStatusCode.BadRequest, "asset-invalid");
        var batch = BatchSamples.Create();
        batch.AddDom((BatchSamples.Time, $$"""{"type":5,"data":{"tag":"x","payload":"{{names}}"} }"""));
        using var sent = await host.SendAsync(batch.ToByteArray());
        Assert.Equal(
            "B10", (await IngestHost.ProblemAsync(sent, HttpStatusCode.BadRequest, "batch-invalid")).GetProperty("rule").GetString());
    }

    [Fact]
    public async Task Batch_NamesAssets_CarriesThemToTheCatalog()
    {
        await using var host = await IngestHost.StartAsync();
        var batch = BatchSamples.Create();
        batch.AddDom(
            (BatchSamples.Time,
            $$"""{"type":5,"data":{"tag":"x","payload":"url(sr-asset:{{Hash([1])}}) sr-asset:{{Hash([2])}} sr-asset:{{Hash([1])}}"} }"""));
        using var sent = await host.SendAsync(BatchSamples.Gzip(batch.ToByteArray()));
        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        var taken = Assert.Single(await host.TakeAsync(1));
        Assert.Equal([Hash([1]), Hash([2])], taken.Entry.Assets.Select(hash => Convert.ToHexStringLower(hash.Span)));
    }

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static Task<HttpResponseMessage> PostAsync(IngestHost host, string hash, byte[] body, string type = "text/css") =>
        host.PostAsync($"{Assets}/{hash}?key={IngestHost.Key}&type={Uri.EscapeDataString(type)}", IngestHost.Body(Upload.Frame(body)));

    private static async Task<string[]> MissingAsync(
        IngestHost host, string hash, string key = IngestHost.Key, string? origin = IngestHost.Origin)
    {
        using var response =
            await host.PostAsync(
                $"{Assets}/missing?key={key}", IngestHost.Body(Upload.Frame(Encoding.ASCII.GetBytes($"{hash}\n"))), origin);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return [.. JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("missing").EnumerateArray()
            .Select(item => item.GetString()!)];
    }

    private static async Task<(AssetHeader Header, byte[] Payload)> OpenAsync(IngestHost host, string hash)
    {
        var tenant = new TenantId("shop");
        var key = (await host.Services.GetRequiredService<IAssetCatalog>().ListAsync(tenant, null, 100, default))
            .Single(entry => entry.Hash.Hex == hash).Key;
        var asset = await File.ReadAllBytesAsync(Path.Combine(host.DataFolder, "blobs", BlobPaths.Asset(tenant, key)));
        using var cipher = await host.Services.GetRequiredService<ITenantCipherProvider>()
            .GetAssetCipherAsync(tenant, key, CancellationToken.None);
        var payload = new byte[asset.Length - AssetHeader.Size - AssetHeader.TagSize];
        return (cipher.Open(new ContentHash(hash), asset, payload), payload);
    }
}
