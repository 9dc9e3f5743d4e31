using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SessionReplay.AspNetCore.Lifecycle;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>Registers what the role <see cref="SessionReplayRoles.Playback"/> needs.</summary>
internal static class PlaybackRegistration
{
    public static void AddPlayback(ISessionReplayBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (!services.Any(static service => service.ImplementationType == typeof(ReplayFrameFilter)))
        {
            // The first of all filters is the outermost.
            services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, ReplayFrameFilter>());
        }

        services.TryAddSingleton<PlaybackAccess>();
        services.TryAddSingleton<PlaybackAudit>();
        services.TryAddSingleton<DeniedRequests>();
        services.TryAddSingleton<SessionFinder>();
        services.TryAddSingleton<AssetCache>();
        services.TryAddSingleton<AssetDeletion>();
        services.TryAddSingleton<SessionDeletion>();
        services.TryAddSingleton<SearchEndpoint>();
        services.TryAddSingleton<ManifestEndpoint>();
        services.TryAddSingleton<ChunkEndpoint>();
        services.TryAddSingleton<AssetEndpoint>();
        services.TryAddSingleton<OperatorEndpoints>();
    }
}
