using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Ingest;
using SessionReplay.Pipeline.Lifecycle;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>Registers what serves recordings to viewers.</summary>
internal static class PlaybackRegistration
{
    public static void AddPlayback(IServiceCollection services)
    {
        LifecycleRegistration.AddDeletion(services);
        GuardedServices.AddLogger<PlaybackFilter>(services);
        if (!services.Any(static service => service.ImplementationType == typeof(ReplayFilter)))
        {
            // The first of all filters is the outermost.
            services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, ReplayFilter>());
        }

        services.TryAddKeyedSingleton<Uri>(
            ReplayOrigin.ServiceKey,
            static (provider, _) => ReplayOrigin.Of(provider.GetRequiredService<IOptions<PlaybackOptions>>().Value)?.Uri!);
        services.TryAddSingleton<PlaybackAccess>();
        services.TryAddSingleton<PlaybackAudit>();
        services.TryAddSingleton<DeniedRequests>();
        services.TryAddSingleton<SessionFinder>();
        services.TryAddSingleton<SearchEndpoint>();
        services.TryAddSingleton<LiveViews>();
        GuardedServices.AddLogger<LiveViewWriter>(services);
        services.AddHostedService<LiveViewWriter>();
        services.TryAddSingleton<LiveWait>();
        services.TryAddSingleton<ManifestEndpoint>();
        services.TryAddSingleton<ViewTickets>();
        GuardedServices.AddLogger<DirectDelivery>(services);
        services.TryAddSingleton<DirectDelivery>();
        services.TryAddKeyedSingleton<Uri>(
            DirectDelivery.ServiceKey, static (provider, _) => provider.GetRequiredService<DirectDelivery>().Origin!);
        services.TryAddSingleton<BatchSources>();
        services.TryAddSingleton<BatchesEndpoint>();
        services.TryAddSingleton<AssetReader>();
        services.TryAddSingleton<AssetsEndpoint>();
        services.TryAddSingleton<OperatorEndpoints>();
    }
}
