using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Format;
using SessionReplay.Keys;

namespace SessionReplay.AspNetCore.Tests.Ingest;

public sealed class AssetUploadEndpointTests
{
    private static readonly byte[] Css = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 200).Select(i => $".a{i} {{ margin: {i}px }}\n")));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_Stylesheet_IsSealedAndNoLongerMissing(bool compressed)
    {
        await using var host = await IngestHost.StartAsync();
        var hash = Hash(Css);
        Assert.Equal([hash], await MissingAsync(host, hash));

        var body = compressed ? Batches.Gzip(Css) : Css;
        using var response = await PostAsync(host, hash, body);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Empty(await MissingAsync(host, hash));
        Assert.Equal([hash], await MissingAsync(host, hash, "wk_other_12345678", null));
        var (header, payload) = await OpenAsync(host, hash);
        Assert.Equal((AssetMediaType.Css, (uint)Css.Length, ChunkCompression.Gzip), (header.MediaType, header.ContentLength, header.Compression));
        Assert.Equal(Css, Batches.Gunzip(payload));
        if (compressed)
        {
            Assert.Equal(body, payload);
        }
    }

    [Fact]
    public async Task Post_StylesheetWithSecret_IsSanitizedUnderItsOwnHash()
    {
        await using var host = await IngestHost.StartAsync();
        var css = Encoding.UTF8.GetBytes("a::after{content:'4111 1111 1111 1111'}");
        using var response = await PostAsync(host, Hash(css), Batches.Gzip(css));
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
        using var cut = await PostAsync(host, Hash(Css), Batches.Gzip(Css)[..^1]);
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
        using var bomb = await PostAsync(host, Hash(large), Batches.Gzip(large));
        await IngestHost.ProblemAsync(bomb, HttpStatusCode.BadRequest, "asset-invalid");
    }

    [Theory]
    [InlineData("not a hash")]
    [InlineData(null)]
    public async Task Missing_NoHashesOrTooMany_Is400(string? body)
    {
        await using var host = await IngestHost.StartAsync();
        var text = body ?? string.Join('\n', Enumerable.Repeat(Hash([1]), 257));
        using var response = await host.PostAsync($"v1/assets/missing?key={IngestHost.Key}", IngestHost.Body(Encoding.UTF8.GetBytes(text)));
        Assert.True(response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge);
    }

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static Task<HttpResponseMessage> PostAsync(IngestHost host, string hash, byte[] body, string type = "text/css") =>
        host.PostAsync($"v1/assets/{hash}?key={IngestHost.Key}&type={Uri.EscapeDataString(type)}", IngestHost.Body(body));

    private static async Task<string[]> MissingAsync(IngestHost host, string hash, string key = IngestHost.Key, string? origin = IngestHost.Origin)
    {
        using var response = await host.PostAsync($"v1/assets/missing?key={key}", IngestHost.Body(Encoding.ASCII.GetBytes($"{hash}\n")), origin);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return [.. JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("missing").EnumerateArray().Select(item => item.GetString()!)];
    }

    private static async Task<(AssetHeader Header, byte[] Payload)> OpenAsync(IngestHost host, string hash)
    {
        var tenant = new TenantId("shop");
        var asset = await File.ReadAllBytesAsync(Path.Combine(host.DataFolder, "blobs", BlobPaths.Asset(tenant, new ContentHash(hash))));
        using var cipher = await host.Services.GetRequiredService<ITenantCipherProvider>().GetAssetCipherAsync(tenant, CancellationToken.None);
        var payload = new byte[asset.Length - AssetHeader.Size - AssetHeader.TagSize];
        return (cipher.Open(new ContentHash(hash), asset, payload), payload);
    }
}
