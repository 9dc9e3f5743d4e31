using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SessionReplay.Pipeline.Lifecycle;
using SessionReplay.Pipeline.Messages;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>Registers what accepts batches and assets of pages.</summary>
internal static class IngestRegistration
{
    public static void AddIngest(IServiceCollection services)
    {
        LifecycleRegistration.AddDeletion(services);
        BatchRegistration.AddBatches(services);
        GuardedServices.AddLogger<RefusalLog>(services);
        services.TryAddSingleton<RefusalLog>();
        services.TryAddSingleton<IngestGate>();
        services.TryAddSingleton<IngestRateLimiter>();
        services.TryAddSingleton<IngestFilter>();
        services.TryAddSingleton<IngestMemory>();
        services.TryAddSingleton<WorkGate>();
        services.TryAddSingleton<IngestWork>();
        services.TryAddSingleton<WindowReceipts>();
        services.TryAddSingleton<SecretCheck>();
        services.TryAddSingleton<SharedQuotas>();
        services.TryAddSingleton<IngestQuotas>();
        services.TryAddSingleton<MissingAssetFinder>();
        services.TryAddSingleton<MissingAssetsEndpoint>();
        services.TryAddSingleton<AssetReservations>();
        services.TryAddSingleton<AssetWriter>();
        services.TryAddSingleton<BatchWriter>();
        services.TryAddSingleton<LiveViews>();
        GuardedServices.AddLogger<LiveViewReader>(services);
        services.AddHostedService<LiveViewReader>();
        services.TryAddSingleton<BatchIntake>();
        services.TryAddSingleton<BatchesAnswer>();
        services.TryAddSingleton<BatchesEndpoint>();
        services.TryAddSingleton<AssetUploadEndpoint>();
        services.TryAddSingleton<ForgetAudit>();
        services.TryAddSingleton<ForgetEndpoint>();
        services.TryAddSingleton<DeniedRequests>();
    }
}
