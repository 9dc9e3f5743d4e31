using Microsoft.Extensions.DependencyInjection.Extensions;
using SessionReplay.AspNetCore.Lifecycle;
using SessionReplay.AspNetCore.Sanitizing;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>Registers what the role <see cref="SessionReplayRoles.Ingest"/> needs.</summary>
internal static class IngestRegistration
{
    public static void AddIngest(ISessionReplayBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton<Sanitizer>();
        services.TryAddSingleton<IngestGate>();
        services.TryAddSingleton<IngestRateLimiter>();
        services.TryAddSingleton<IngestFilter>();
        services.TryAddSingleton<IngestMemory>();
        services.TryAddSingleton<WorkGate>();
        services.TryAddSingleton<IngestWork>();
        services.TryAddSingleton<WindowReceipts>();
        services.TryAddSingleton<AssetCache>();
        services.TryAddSingleton<SecretCheck>();
        services.TryAddSingleton<SharedQuotas>();
        services.TryAddSingleton<IngestQuotas>();
        services.TryAddSingleton<AssetStorage>();
        services.TryAddSingleton<BatchPublisher>();
        services.TryAddSingleton<BatchEndpoint>();
        services.TryAddSingleton<AssetUploadEndpoint>();
        services.TryAddSingleton<ForgetEndpoint>();
        services.TryAddSingleton<DeniedRequests>();
        services.TryAddSingleton<AssetDeletion>();
        services.TryAddSingleton<UnnamedAssets>();
        services.TryAddSingleton<SessionDeletion>();
    }
}
