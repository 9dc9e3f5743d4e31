using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>Registers what deletes and compacts sessions.</summary>
public static class LifecycleRegistration
{
    /// <summary>Adds what deletes one session and its assets, on request.</summary>
    /// <param name="services">The application's services.</param>
    public static void AddDeletion(IServiceCollection services)
    {
        GuardedServices.AddLogger<SessionDeletion>(services);
        services.TryAddSingleton<AssetCache>();
        services.TryAddSingleton<AssetDeletion>();
        services.TryAddSingleton<SessionDeletion>();
        services.TryAddSingleton<UnnamedAssets>();
    }

    /// <summary>Adds the sweeps over all sessions, which a worker runs.</summary>
    /// <param name="services">The application's services, with an <see cref="IReadOnlyList{T}"/> of <see cref="ITenantRetention"/>.</param>
    public static void AddSweeps(IServiceCollection services)
    {
        AddDeletion(services);
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<ISweep, TenantCheck>(static provider => provider.GetRequiredService<TenantCheck>()));
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<ISweep, OrphanAssetSweep>(static provider => provider.GetRequiredService<OrphanAssetSweep>()));
        AddSweep<OrphanSweep>(services);
        AddSweep<AssetSweep>(services);
        AddSweep<KeySweep>(services);
        AddSweep<TombstoneSweep>(services);
        AddLogged<ReplacedObjects>(services);
        services.TryAddSingleton<SessionChunks>();
        AddLogged<SessionCompactor>(services);
        AddLogged<CompactionSweep>(services);
        AddLogged<RetentionGuard>(services);
        AddLogged<RetentionSweep>(services);
        AddLogged<TenantCheck>(services);
        AddLogged<OrphanAssetSweep>(services);
        services.TryAddSingleton<SessionEndSweep>();
        services.TryAddSingleton<LifecycleSweeps>();
        services.TryAddTransient<SweepTurns>();
        services.TryAddSingleton(static provider => new ConfirmedRetention(
            provider.GetRequiredService<RetentionSweep>(), provider.GetRequiredService<OrphanAssetSweep>()));
        services.AddHealthChecks().AddCheck<TenantCheck>(TenantCheck.Name, HealthStatus.Degraded, ["session-replay"]);
        GuardedServices.AddLogger<LifecycleService>(services);
        services.AddHostedService<LifecycleService>();
    }

    private static void AddSweep<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        IServiceCollection services)
        where T : class, ISweep
    {
        GuardedServices.AddLogger<T>(services);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ISweep, T>());
    }

    private static void AddLogged<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        IServiceCollection services)
        where T : class
    {
        GuardedServices.AddLogger<T>(services);
        services.TryAddSingleton<T>();
    }
}
