using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SessionReplay.AspNetCore;

/// <summary>Keeps caches away from what was decided for one viewer, or is one visitor's.</summary>
internal static class NoCaches
{
    /// <summary>Keeps the application's output cache away from endpoints, whatever its base policy says.</summary>
    public static void Refuse(IEndpointConventionBuilder endpoints) => endpoints.CacheOutput(static policy => policy.NoCache());

    /// <summary>Keeps browsers, proxies and content delivery networks from storing an answer.</summary>
    public static void Refuse(HttpResponse response)
    {
        response.Headers.CacheControl = "private, no-store";
        // RFC 9213: a network whose own rules overrule Cache-Control heeds this one.
        response.Headers["CDN-Cache-Control"] = "no-store";
        response.Headers["Surrogate-Control"] = "no-store";
    }
}
