using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>
/// The empty document in which the player builds a recorded page. It has a policy of its own: a document that the player made itself would be under the
/// application's, and a strict one leaves out the recorded page's styles and images.
/// </summary>
internal static class ReplayFrame
{
    /// <summary>The last segments of its path.</summary>
    public const string Path = "/api/replay-frame";

    /// <summary>Styles and what the recording holds are shown; nothing runs, nothing is fetched, and no other site can frame it.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; img-src data: blob:; media-src data: blob:; font-src data: blob:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
        + "frame-ancestors 'self'; sandbox allow-same-origin";

    private const string Html = """<!doctype html><html><head><meta name="session-replay-frame"></head><body></body></html>""";

    /// <param name="api">The group of the playback API.</param>
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("replay-frame", static () => Results.Content(Html, "text/html; charset=utf-8"))
            .WithMetadata(new Mark()).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();

    /// <summary>Sets the document's headers, once the application has set its own.</summary>
    public static void SetHeaders(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<Mark>() is null)
        {
            return;
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        // A report on the recorded page's styles would hold parts of the recording.
        headers.ContentSecurityPolicyReportOnly = default;
        headers.XFrameOptions = "SAMEORIGIN";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "private, max-age=600";
    }

    /// <summary>Marks the endpoint for <see cref="ReplayFrameFilter"/>.</summary>
    private sealed class Mark;
}
