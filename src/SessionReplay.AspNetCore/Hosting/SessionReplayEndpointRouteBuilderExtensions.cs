using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore;
using SessionReplay.AspNetCore.Ingest;
using SessionReplay.AspNetCore.Playback;
using SessionReplay.AspNetCore.RecorderScript;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the endpoints of session replay.</summary>
public static class SessionReplayEndpointRouteBuilderExtensions
{
    /// <summary>Maps the endpoints of the roles this process has: the recorder script and ingest, and those of playback.</summary>
    /// <param name="endpoints">The application's routes.</param>
    /// <param name="prefix">Where they lie.</param>
    /// <returns>The conventions of all of them.</returns>
    /// <exception cref="InvalidOperationException"><c>AddSessionReplay</c> was not called.</exception>
    public static IEndpointConventionBuilder MapSessionReplay(
        this IEndpointRouteBuilder endpoints, string prefix = SessionReplayLocation.DefaultPrefix)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        var location = endpoints.ServiceProvider.GetService<SessionReplayLocation>()
            ?? throw new InvalidOperationException(
                "Session replay was not added: call builder.Services.AddSessionReplay(builder.Configuration) first.");
        location.IsMapped = true;
        location.Prefix = prefix.Trim('/') is { Length: > 0 } path ? $"/{path}" : string.Empty;
        var roles = endpoints.ServiceProvider.GetRequiredService<IOptions<SessionReplayOptions>>().Value.Roles;
        var group = endpoints.MapGroup(location.Prefix);
        NoCaches.Refuse(group);
        if (roles.HasFlag(SessionReplayRoles.Ingest))
        {
            RecorderScriptEndpoints.Map(group);
            IngestEndpoints.Map(group);
        }

        if (roles.HasFlag(SessionReplayRoles.Playback))
        {
            PlaybackEndpoints.Map(group);
        }

        return group;
    }
}
