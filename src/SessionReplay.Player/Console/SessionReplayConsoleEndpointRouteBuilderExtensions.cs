using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using SessionReplay.Player.Console;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the console: the pages with the session list and the player.</summary>
public static class SessionReplayConsoleEndpointRouteBuilderExtensions
{
    private const int IdLength = 32;
    private const int TenantLength = 40;

    /// <summary>
    /// Maps <c>GET {prefix}</c> (the session list) and <c>GET {prefix}/tenants/{tenant}/sessions/{id}</c> (the player). The pages hold no
    /// data; the playback endpoints below <c>{prefix}/api</c> decide who may see what. Chain <c>RequireAuthorization</c> to send visitors
    /// to the login before they see the empty pages.
    /// </summary>
    /// <param name="endpoints">The application's routes.</param>
    /// <param name="prefix">The prefix given to <c>MapSessionReplay</c>.</param>
    /// <returns>The conventions of the pages.</returns>
    public static IEndpointConventionBuilder MapSessionReplayConsole(
        this IEndpointRouteBuilder endpoints, string prefix = "/session-replay")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        var path = prefix.Trim('/') is { Length: > 0 } trimmed ? $"/{trimmed}" : string.Empty;
        var group = endpoints.MapGroup(path);
        // Whether a page may be seen is decided for each request: the application's output cache must not answer in place of it.
        group.CacheOutput(static policy => policy.NoCache());
        group.MapGet(string.Empty, (HttpContext context) => new ConsoleResult(ConsolePage.List(context.Request.PathBase + path)))
            .ExcludeFromDescription();
        group.MapGet(
            "tenants/{tenant}/sessions/{id}",
            (HttpContext context, string tenant, string id) =>
                IsTenant(tenant) && IsId(id)
                    ? new ConsoleResult(ConsolePage.Session(context.Request.PathBase + path, tenant, id))
                    : Results.NotFound())
            .ExcludeFromDescription();
        foreach (var script in (BundledScript[])[PlayerBundle.Player, PlayerBundle.Worker])
        {
            group.MapGet(script.FileName, (HttpContext context) => Send(context, script)).AllowAnonymous().ExcludeFromDescription();
        }

        group.MapGet(ConsolePage.IconName, Icon).AllowAnonymous().ExcludeFromDescription();
        return group;
    }

    private static bool TakesGzip(HttpRequest request) =>
        request.GetTypedHeaders().AcceptEncoding.Any(e => e.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && e.Quality is not 0);

    private static bool IsTenant(string tenant) =>
        tenant.Length is > 0 and <= TenantLength && tenant.All(c => char.IsAsciiDigit(c) || char.IsAsciiLetterLower(c) || c is '-' or '_');

    private static bool IsId(string id) => id.Length == IdLength && id.All(char.IsAsciiHexDigitLower);

    private static IResult Send(HttpContext context, BundledScript script)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = context.Request.Query.ContainsKey("v") ? "public, max-age=31536000, immutable" : "public, max-age=300";
        headers.XContentTypeOptions = "nosniff";
        headers.Vary = HeaderNames.AcceptEncoding;
        if (TakesGzip(context.Request))
        {
            headers.ContentEncoding = "gzip";
            return Results.Bytes(script.Gzip, "text/javascript; charset=utf-8");
        }

        return Results.Bytes(script.Bytes, "text/javascript; charset=utf-8");
    }

    private static IResult Icon(HttpContext context)
    {
        context.Response.Headers.CacheControl = "public, max-age=86400";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Text(ConsolePage.Icon, "image/svg+xml");
    }
}
