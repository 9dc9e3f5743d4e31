using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Lifecycle;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>Registers what the role <see cref="SessionReplayRoles.Playback"/> needs.</summary>
internal static class PlaybackRegistration
{
    public static void AddPlayback(ISessionReplayBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (!services.Any(static service => service.ImplementationType == typeof(ReplayFilter)))
        {
            // The first of all filters is the outermost.
            services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, ReplayFilter>());
        }

        services.TryAddKeyedSingleton<Uri>(
            ReplayOrigin.ServiceKey, static (provider, _) => ReplayOrigin.Of(provider.GetRequiredService<IOptions<SessionReplayOptions>>().Value.Playback)?.Uri!);
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
