using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SessionReplay.Testing;

namespace SessionReplay.Storage.Gcs.Tests;

/// <summary>
/// What the emulator cannot do, against a server of our own that holds to Google's description of it: resumable uploads in parts
/// (cloud.google.com/storage/docs/performing-resumable-uploads), preconditions, checksums and lifecycle rules.
/// </summary>
public sealed class GcsProtocolTests : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, byte[]> _objects = new();
    private readonly ConcurrentDictionary<string, MemoryStream> _uploads = new();
    private readonly int _port = FreePort.Next();
    private WebApplication _server = null!;
    private ServiceProvider _provider = null!;
    private JsonNode? _bucket;
    private int _dropBytesOfNextParts;
    private bool _corruptsNextPart;
    private int _tokenStatus;
    private int _tokensAsked;

    private IBlobStore Store => _provider.GetRequiredService<IBlobStore>();

    public async Task InitializeAsync()
    {
        var app = WebApplication.CreateSlimBuilder();
        app.WebHost.UseUrls($"http://127.0.0.1:{_port}");
        app.Logging.ClearProviders();
        // The client compresses its JSON.
        app.Services.AddRequestDecompression();
        _server = app.Build();
        _server.UseRequestDecompression();
        _server.MapPost("/upload/storage/v1/b/{bucket}/o", BeginUpload);
        _server.MapPut("/session/{name}", TakePartAsync);
        _server.MapGet("/storage/v1/b/{bucket}/o/{name}", (string name) => _objects.TryGetValue(name, out var bytes)
            ? Results.Json(new { name, size = bytes.Length.ToString(CultureInfo.InvariantCulture) })
            : Results.NotFound());
        _server.MapGet("/storage/v1/b/{bucket}/o", (string bucket, string? prefix) => bucket == "recordings"
            ? Results.Json(
                new { items = _objects.Keys.Where(name => name.StartsWith(prefix ?? "", StringComparison.Ordinal))
                    .Select(name => new { name }) })
            : Results.NotFound());
        _server.MapDelete(
            "/storage/v1/b/{bucket}/o/{name}", (string name) => _objects.TryRemove(name, out _) ? Results.NoContent() : Results.NotFound());
        _server.MapPost("/token", () =>
        {
            Interlocked.Increment(ref _tokensAsked);
            return Results.Json(new { error = "invalid_grant" }, statusCode: _tokenStatus);
        });
        _server.MapGet("/storage/v1/b/{bucket}", () => _bucket is null ? Results.NotFound() : Results.Ok());
        _server.MapPost("/storage/v1/b", ([Microsoft.AspNetCore.Mvc.FromBody] JsonObject body) => Results.Ok(_bucket = body));
        _server.MapPatch("/storage/v1/b/{bucket}", ([Microsoft.AspNetCore.Mvc.FromBody] JsonObject body) => Results.Ok(_bucket = body));
        await _server.StartAsync();

        var builder = new TestBuilder();
        builder.AddGcsStorage(o =>
        {
            o.ServiceUrl = $"http://127.0.0.1:{_port}";
            o.Anonymous = true;
            o.Bucket = "recordings";
            o.ProjectId = "acme";
            o.PartBytes = 512 * 1024;
        });
        _provider = builder.Services.BuildServiceProvider();
    }

    public async Task DisposeAsync()
    {
        await _provider.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(256 * 1024)]
    public async Task Put_LargerThanAPart_SendsPartsAndWhatTheStoreDidNotKeepAgain(int dropped)
    {
        _dropBytesOfNextParts = dropped;
        var content = new byte[1_700_000];
        new Random(3).NextBytes(content);
        using var stream = new MemoryStream(content);

        await Store.PutAsync("a/large.bin", stream, content.Length, default);

        Assert.Equal(content, _objects["a/large.bin"]);
    }

    /// <summary>Both are answered with 404.</summary>
    [Fact]
    public async Task AnyCall_BucketOrObjectMissing_TellsWhichOfThem()
    {
        var builder = new TestBuilder();
        builder.AddGcsStorage(o => (o.ServiceUrl, o.Anonymous, o.Bucket) = ($"http://127.0.0.1:{_port}", true, "not-there"));
        await using var provider = builder.Services.BuildServiceProvider();
        var store = provider.GetRequiredService<IBlobStore>();

        foreach (long? length in new long?[] { null, 5, 0 })
        {
            await Assert.ThrowsAsync<BlobNotFoundException>(async () => await Store.OpenReadAsync("a.bin", 0, length, default));
            var error =
                await Assert.ThrowsAsync<BlobStoreUnavailableException>(async () => await store.OpenReadAsync("a.bin", 0, length, default));
            Assert.Equal("The bucket 'not-there' is not there.", error.Message);
        }

        await Store.DeleteAsync(["a.bin"], default);
        await Assert.ThrowsAsync<BlobStoreUnavailableException>(async () => await store.DeleteAsync(["a.bin"], default));
        await Assert.ThrowsAsync<BlobStoreUnavailableException>(
            async () => await store.ListAsync("a/", default).GetAsyncEnumerator().MoveNextAsync());
    }

    /// <summary>Who hands out tokens is as much part of the store as the store: while it fails, nothing is confirmed.</summary>
    [Theory]
    [InlineData(400)]
    [InlineData(503)]
    public async Task Put_TokenIsNotGiven_ThrowsUnavailable(int status)
    {
        _tokenStatus = status;
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("identity"), "a token of the workload");
        await File.WriteAllTextAsync(folder.File("account.json"), new JsonObject
        {
            ["type"] = "external_account",
            ["audience"] = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x",
            ["subject_token_type"] = "urn:ietf:params:oauth:token-type:jwt", ["token_url"] = $"http://127.0.0.1:{_port}/token",
            ["credential_source"] = new JsonObject { ["file"] = folder.File("identity") },
        }.ToJsonString());
        var builder = new TestBuilder();
        builder.AddGcsStorage(
            o => (o.ServiceUrl, o.Bucket, o.CredentialsFile) = ($"http://127.0.0.1:{_port}", "recordings", folder.File("account.json")));
        await using var provider = builder.Services.BuildServiceProvider();
        using var content = new MemoryStream([1]);

        await Assert.ThrowsAsync<BlobStoreUnavailableException>(
            async () => await provider.GetRequiredService<IBlobStore>().PutAsync("a.bin", content, 1, default));
        Assert.True(_tokensAsked > 0);
    }

    [Theory]
    [InlineData(null, "cannot be read")]
    [InlineData("not json", "cannot be read")]
    [InlineData("[]", "cannot be read")]
    [InlineData("{}", "must be one of service_account")]
    [InlineData("""{"type":"gdch_service_account"}""", "must be one of service_account")]
    public async Task Store_CredentialsFileIsNone_SaysSo(string? text, string problem)
    {
        using var folder = new TempFolder();
        if (text is not null)
        {
            await File.WriteAllTextAsync(folder.File("account.json"), text);
        }

        var builder = new TestBuilder();
        builder.AddGcsStorage(o => (o.Bucket, o.CredentialsFile) = ("recordings", folder.File("account.json")));
        await using var provider = builder.Services.BuildServiceProvider();

        var error = Assert.Throws<InvalidOperationException>(() => provider.GetRequiredService<IBlobStore>());
        Assert.StartsWith("SessionReplay:Storage:Gcs:CredentialsFile", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    /// <summary>The content is longer or shorter than its length says.</summary>
    [Theory]
    [InlineData(10, 9)]
    [InlineData(10, 11)]
    [InlineData(1_700_000, 1_600_000)]
    [InlineData(1_700_000, 1_800_000)]
    public async Task Put_LengthIsWrong_WritesNothing(int size, int told)
    {
        using var content = new MemoryStream(new byte[size]);

        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.PutAsync("a/wrong.bin", content, told, default));

        Assert.Empty(_objects);
    }

    /// <summary>Bytes that changed on their way are refused by the store, by the checksum that comes with them.</summary>
    [Fact]
    public async Task Put_BytesChangeOnTheirWay_ThrowsUnavailable()
    {
        _corruptsNextPart = true;
        using var content = new MemoryStream(new byte[1000]);

        await Assert.ThrowsAsync<BlobStoreUnavailableException>(async () => await Store.PutAsync("a/corrupt.bin", content, 1000, default));

        Assert.Empty(_objects);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1_700_000)]
    public async Task Create_SameKeyTwice_KeepsTheFirst(int size)
    {
        using var first = new MemoryStream(Enumerable.Repeat((byte)1, size).ToArray());
        using var second = new MemoryStream(Enumerable.Repeat((byte)2, size).ToArray());

        await Store.CreateAsync("a/once.bin", first, size, default);
        await Store.CreateAsync("a/once.bin", second, size, default);

        Assert.Equal(first.ToArray(), _objects["a/once.bin"]);
    }

    [Fact]
    public async Task SetUp_NoBucket_MakesItWithLifecycleRules()
    {
        var lines = await Store.SetUpAsync([new("shop/", 30)], default);

        Assert.Equal("Made the bucket 'recordings'.", lines[0]);
        var rule = _bucket!["lifecycle"]!["rule"]!.AsArray().Single(r => (string?)r!["action"]!["type"] == "Delete")!;
        Assert.Equal(30, (int)rule["condition"]!["age"]!);
        Assert.Equal("shop/", (string?)rule["condition"]!["matchesPrefix"]![0]);
    }

    private IResult BeginUpload(
        HttpContext context, string uploadType, string? ifGenerationMatch, [Microsoft.AspNetCore.Mvc.FromBody] JsonObject metadata)
    {
        var name = (string)metadata["name"]!;
        if (ifGenerationMatch == "0" && _objects.ContainsKey(name))
        {
            return Results.StatusCode(StatusCodes.Status412PreconditionFailed);
        }

        Assert.Equal("resumable", uploadType);
        _uploads[name] = new MemoryStream();
        context.Response.Headers.Location = $"http://127.0.0.1:{_port}/session/{Uri.EscapeDataString(name)}";
        return Results.Ok();
    }

    private async Task<IResult> TakePartAsync(HttpContext context, string name)
    {
        name = Uri.UnescapeDataString(name);
        var upload = _uploads[name];
        var range = ContentRangeHeaderValue.Parse(context.Request.Headers.ContentRange.ToString());
        if (range.HasRange && range.From != upload.Length)
        {
            return Results.BadRequest();
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        // Until the last part a client may leave the length open ("bytes 0-524287/*").
        var isLast = range.HasLength && (!range.HasRange || range.To + 1 == range.Length);
        if (body.Length != (range.HasRange ? range.To - range.From + 1 : 0) || (!isLast && body.Length % (256 * 1024) != 0))
        {
            return Results.BadRequest();
        }

        // The store may keep less than was sent, in multiples of 256 KiB, and then says so.
        var kept = (int)Math.Max(0, body.Length - Interlocked.Exchange(ref _dropBytesOfNextParts, 0));
        upload.Write(body.ToArray(), 0, kept);
        if (Interlocked.Exchange(ref _corruptsNextPart, false))
        {
            upload.GetBuffer()[0] ^= 1;
        }

        if (isLast && upload.Length == range.Length)
        {
            return Finish(context, name, upload.ToArray());
        }

        if (upload.Length > 0)
        {
            context.Response.Headers.Range = $"bytes=0-{upload.Length - 1}";
        }

        return Results.StatusCode(308);
    }

    /// <summary>Keeps an object when it has the checksum that came with its last part.</summary>
    private IResult Finish(HttpContext context, string name, byte[] content)
    {
        Span<byte> checksum = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc32C.Hash(content));
        var crc32c = Convert.ToBase64String(checksum);
        Assert.StartsWith("crc32c=", context.Request.Headers["X-Goog-Hash"].ToString(), StringComparison.Ordinal);
        if (context.Request.Headers["X-Goog-Hash"] != $"crc32c={crc32c}")
        {
            return Results.BadRequest();
        }

        _objects[name] = content;
        return Results.Json(new { name, crc32c, size = content.Length.ToString(CultureInfo.InvariantCulture) });
    }
}
