using Microsoft.AspNetCore.Http;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>
/// Sends bytes that were opened for this request, after its audit row is written. They lie in memory that is cleared when the request ends.
/// </summary>
internal sealed class OpenedResult(string contentType, ReadOnlyMemory<byte> content) : IResult
{
    public string? ContentEncoding { get; init; }

    public string? ContentSecurityPolicy { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = contentType;
        response.ContentLength = content.Length;
        response.Headers.ContentEncoding = ContentEncoding;
        response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        response.Headers.Vary = "Accept-Encoding, Cookie, Authorization";
        response.Headers.XContentTypeOptions = "nosniff";
        await response.Body.WriteAsync(content, httpContext.RequestAborted).ConfigureAwait(false);
    }
}
