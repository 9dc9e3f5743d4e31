using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using SessionReplay.AspNetCore.Ingest;
using SessionReplay.AspNetCore.Lifecycle;
using SessionReplay.AspNetCore.Playback;
using SessionReplay.AspNetCore.Worker;
using SessionReplay.Audit;
using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Queues;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Resilience;

/// <summary>
/// Registers, under a key, each part behind its circuit. The adapters stay registered as they are, whenever and by whomever: the guarded one asks
/// for the adapter when it is first used, so that the last registration counts. Health checks ask the adapters themselves.
/// </summary>
internal static class GuardedServices
{
    public const string Key = "SessionReplay.Guarded";

    /// <summary>The services that exist in a guarded form.</summary>
    public static IReadOnlyList<Type> Types { get; } =
    [
        typeof(IMessageQueue), typeof(IDeadLetterQueue), typeof(IQueueMonitor), typeof(IBlobStore), typeof(ICatalogReader), typeof(ICatalogWriter),
        typeof(ISessionLifecycle), typeof(IAssetCatalog), typeof(IQuotaStore), typeof(IAuditLog), typeof(IKeyStore), typeof(IKeyRotationStore), typeof(IKeyLifecycle),
        typeof(IKeyManagementService),
    ];

    public static void Add(IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton<Circuits>();
        services.TryAddSingleton<OutageLines>();
        AddLogger<Circuits>(services);
        AddLogger<IngestFilter>(services);
        AddLogger<PlaybackFilter>(services);
        AddLogger<StorageWorker>(services);
        AddLogger<QueueMetrics>(services);
        AddLogger<LifecycleService>(services);
        AddLogger<RetentionGuard>(services);
        AddLogger<RetentionSweep>(services);
        AddLogger<SessionCompactor>(services);
        AddLogger<SessionDeletion>(services);
        AddLogger<ReplacedObjects>(services);
        AddLogger<OrphanSweep>(services);
        AddLogger<AssetSweep>(services);
        AddLogger<DeadLetterSweep>(services);
        AddLogger<KeySweep>(services);
        AddLogger<TombstoneSweep>(services);
        AddLogger<TenantCheck>(services);
        services.TryAddSingleton(static provider => provider.GetRequiredService<IKeyStore>() is var store && store is IKeyLifecycle lifecycle
            ? lifecycle
            : throw new InvalidOperationException($"The key store {store.GetType().Name} does not implement {nameof(IKeyLifecycle)}."));
        services.AddHealthChecks().AddCheck<CircuitsHealthCheck>(CircuitsHealthCheck.Name, HealthStatus.Unhealthy, ["session-replay", "ready"]);
        Add<IMessageQueue>(services, static (queue, circuits) => new GuardedMessageQueue(queue, circuits.Queue));
        Add<IDeadLetterQueue>(services, static (letters, circuits) => new GuardedDeadLetterQueue(letters, circuits.Queue));
        Add<IQueueMonitor>(services, static (monitor, circuits) => new GuardedQueueMonitor(monitor, circuits.Queue));
        Add<IBlobStore>(services, static (blobs, circuits) => GuardedBlobStore.Create(blobs, circuits.BlobStore));
        Add<ICatalogReader>(services, static (catalog, circuits) => new GuardedCatalogReader(catalog, circuits.Catalog));
        Add<ICatalogWriter>(services, static (catalog, circuits) => new GuardedCatalogWriter(catalog, circuits.Catalog));
        Add<ISessionLifecycle>(services, static (lifecycle, circuits) => new GuardedSessionLifecycle(lifecycle, circuits.Catalog));
        Add<IAssetCatalog>(services, static (assets, circuits) => new GuardedAssetCatalog(assets, circuits.Catalog));
        Add<IQuotaStore>(services, static (quotas, circuits) => new GuardedQuotaStore(quotas, circuits.Catalog));
        Add<IAuditLog>(services, static (audit, circuits) => new GuardedAuditLog(audit, circuits.AuditLog));
        Add<IKeyStore>(services, static (keys, circuits) => new GuardedKeyStore(keys, circuits.KeyStore));
        Add<IKeyRotationStore>(services, static (keys, circuits) => new GuardedKeyRotationStore(keys, circuits.KeyStore));
        Add<IKeyLifecycle>(services, static (keys, circuits) => new GuardedKeyLifecycle(keys, circuits.KeyStore));
        Add<IKeyManagementService>(services, static (management, circuits) => new GuardedKeyManagementService(management, circuits.KeyManagement));
    }

    private static void AddLogger<T>(IServiceCollection services) =>
        services.TryAddSingleton<ILogger<T>>(static provider => new OutageLogger<T>(provider.GetRequiredService<ILoggerFactory>(), provider.GetRequiredService<OutageLines>()));

    private static void Add<T>(IServiceCollection services, Func<T, Circuits, T> guard)
        where T : class =>
        services.AddKeyedSingleton(Key, (provider, _) => guard(provider.GetRequiredService<T>(), provider.GetRequiredService<Circuits>()));
}
