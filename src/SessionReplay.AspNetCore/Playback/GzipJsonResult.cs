using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>
/// JSON, compressed for a client that takes it: a long session's manifest names thousands of chunks. What a compressed length gives away
/// (BREACH) is not a secret here: of the request, the answer repeats the session's id and a ticket only if it is valid, and a ticket lets
/// nobody in.
/// </summary>
internal sealed class GzipJsonResult<T>(T value, JsonTypeInfo<T> type) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.Vary = "Accept-Encoding";
        if (!AcceptEncoding.HasGzip(httpContext.Request))
        {
            await JsonSerializer.SerializeAsync(response.Body, value, type, httpContext.RequestAborted).ConfigureAwait(false);
            return;
        }

        response.Headers.ContentEncoding = "gzip";
        var gzip = new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
        await using (gzip.ConfigureAwait(false))
        {
            await JsonSerializer.SerializeAsync(gzip, value, type, httpContext.RequestAborted).ConfigureAwait(false);
        }
    }
}
