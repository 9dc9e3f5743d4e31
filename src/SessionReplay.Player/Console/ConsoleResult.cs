using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace SessionReplay.Player.Console;

/// <summary>
/// Sends a page of the console. The headers go first: an application that sets its policy when the response starts has set it by then, and
/// the page takes over the nonce of that policy.
/// </summary>
internal sealed class ConsoleResult(ConsoleContent content) : IResult
{
    /// <summary>SessionReplay.AspNetCore registers origins under the names of their settings; this package knows no more of them.</summary>
    private const string ReplayOriginKey = "SessionReplay:Playback:ReplayOrigin";
    private const string EdgeAddressKey = "SessionReplay:Playback:EdgeAddress";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var response = httpContext.Response;
        var headers = response.Headers;
        // A policy that the application has set already holds too.
        var services = httpContext.RequestServices;
        var policy = ConsolePage.ContentSecurityPolicy(
            services.GetKeyedService<Uri>(ReplayOriginKey), services.GetKeyedService<Uri>(EdgeAddressKey));
        headers.ContentSecurityPolicy = StringValues.Concat(headers.ContentSecurityPolicy, policy);
        headers.CacheControl = "private, no-store";
        headers["CDN-Cache-Control"] = "no-store";
        headers["Surrogate-Control"] = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "SAMEORIGIN";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";

        // A recording that keeps the browser busy keeps no other page of the site busy, where the browser can separate them.
        headers["Origin-Agent-Cluster"] = "?1";
        response.ContentType = "text/html; charset=utf-8";
        await response.StartAsync(httpContext.RequestAborted).ConfigureAwait(false);
        var html = ConsolePage.Write(content, PolicyNonce.Find(headers.ContentSecurityPolicy));
        await response.BodyWriter.WriteAsync(Encoding.UTF8.GetBytes(html), httpContext.RequestAborted).ConfigureAwait(false);
    }
}
