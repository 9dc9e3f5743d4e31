using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using SessionReplay.Ingest;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>
/// Lets pages in by their write key and origin, and writes the CORS headers. A write key is public; the origin is what the browser vouches
/// for.
/// </summary>
internal sealed class IngestGate(IWriteKeyStore keys)
{
    public const string UnknownKey = "write-key-unknown";
    public const string ForeignOrigin = "origin-not-allowed";

    private const int MaxKeyLength = 128;

    /// <returns>What the request's write key stands for.</returns>
    /// <exception cref="IngestRejectedException">The key is unknown, or the origin may not use it.</exception>
    public async ValueTask<WriteKey> AdmitAsync(HttpContext context)
    {
        var response = context.Response;
        response.Headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        response.Headers.XContentTypeOptions = "nosniff";
        var text = context.Request.Query["key"];
        var key = text is [{ Length: > 0 and <= MaxKeyLength } single]
            ? await keys.FindAsync(single, context.RequestAborted).ConfigureAwait(false)
            : null;
        if (key is null)
        {
            throw new IngestRejectedException(
                StatusCodes.Status401Unauthorized, UnknownKey, "The write key is unknown.",
                "Use a key of SessionReplay:Tenants:…:WriteKeys as the parameter 'key'.");
        }

        var origins = context.Request.Headers.Origin;
        if (origins.Count == 0)
        {
            // Browsers name the origin of every cross-origin request and of every POST; a request without one is not from a page of another
            // site.
            return key;
        }

        if (origins is not [{ } origin] || !IsAllowed(origin, key, context.Request))
        {
            throw new IngestRejectedException(
                StatusCodes.Status403Forbidden, ForeignOrigin, "This origin may not use the write key.",
                "Add it to the write key's Origins: scheme, host and port.");
        }

        response.Headers.AccessControlAllowOrigin = origin;
        response.Headers.AccessControlExposeHeaders = "Retry-After, Date";
        return key;
    }

    private static bool IsAllowed(string origin, WriteKey key, HttpRequest request)
    {
        foreach (var allowed in key.AllowedOrigins)
        {
            if (allowed == "*" || string.Equals(allowed, origin, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        // The application's own pages. Its scheme is not compared: behind a proxy that ends TLS the request has another than the page.
        var scheme = origin.IndexOf("://", StringComparison.Ordinal);
        return scheme > 0 && request.Host.HasValue
            && string.Equals(origin[(scheme + 3)..], request.Host.Value, StringComparison.OrdinalIgnoreCase);
    }
}
