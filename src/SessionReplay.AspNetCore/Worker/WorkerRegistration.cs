using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SessionReplay.AspNetCore.Lifecycle;

namespace SessionReplay.AspNetCore.Worker;

/// <summary>Registers what the role <see cref="SessionReplayRoles.Worker"/> needs.</summary>
internal static class WorkerRegistration
{
    public static void AddWorker(ISessionReplayBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.TryAddSingleton<IPartLayout, PartPerSession>();
        services.TryAddSingleton<GroupStorage>();
        services.TryAddSingleton<MessageReader>();
        services.AddHostedService<StorageWorker>();
        services.AddHostedService<QueueMetrics>();
        services.TryAddSingleton<AssetCache>();
        services.TryAddSingleton<AssetDeletion>();
        services.TryAddSingleton<SessionDeletion>();
        services.TryAddSingleton<ReplacedObjects>();
        services.TryAddSingleton<SessionCompactor>();
        services.TryAddSingleton<RetentionGuard>();
        services.TryAddTransient<SweepTurns>();
        services.TryAddSingleton<RetentionSweep>();
        services.TryAddSingleton<TenantCheck>();
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<ISweep, TenantCheck>(static provider => provider.GetRequiredService<TenantCheck>()),
            ServiceDescriptor.Singleton<ISweep, DeadLetterSweep>(), ServiceDescriptor.Singleton<ISweep, OrphanSweep>(),
            ServiceDescriptor.Singleton<ISweep, AssetSweep>(), ServiceDescriptor.Singleton<ISweep, KeySweep>(), ServiceDescriptor.Singleton<ISweep, TombstoneSweep>(),
        ]);
        services.AddHealthChecks().AddCheck<TenantCheck>(TenantCheck.Name, HealthStatus.Degraded, ["session-replay"]);
        services.AddHostedService<LifecycleService>();
    }
}
