using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using SessionReplay.Audit;
using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Queues;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Resilience;

/// <summary>
/// Registers, under a key, each adapter behind its pipeline. The adapters stay registered as they are: the guarded one asks for the adapter
/// when it is first used, so that the last registration counts. Health checks ask the adapters themselves.
/// </summary>
public static class GuardedServices
{
    /// <summary>The key under which services are registered behind their pipeline.</summary>
    public const string Key = "SessionReplay.Guarded";

    /// <summary>The services that exist in a guarded form.</summary>
    internal static IReadOnlyList<Type> Types { get; } =
    [
        typeof(IMessageQueue), typeof(IDeadLetterQueue), typeof(IQueueMonitor), typeof(IBlobStore), typeof(ICatalogReader),
        typeof(ICatalogWriter),
        typeof(ISessionLifecycle), typeof(IAssetCatalog), typeof(IQuotaStore), typeof(ILiveViewStore), typeof(IAuditLog),
        typeof(IAuditLifecycle),
        typeof(IKeyStore), typeof(IKeyRotationStore), typeof(IKeyLifecycle),
        typeof(IKeyManagementService),
    ];

    /// <summary>Registers the pipelines, the guarded services and the health check.</summary>
    /// <param name="services">The application's services. Metrics must be added.</param>
    public static void Add(IServiceCollection services)
    {
        services.TryAddSingleton<DependencyPipelines>();
        services.TryAddSingleton<OutageLines>();
        AddLogger<DependencyPipelines>(services);
        AddFacet<IKeyStore, IKeyLifecycle>(services, "key store");
        AddFacet<IAuditLog, IAuditLifecycle>(services, "audit log");
        services.AddHealthChecks()
            .AddCheck<DependencyHealthCheck>(DependencyHealthCheck.Name, HealthStatus.Unhealthy, ["session-replay", "ready"]);
        Add<IMessageQueue>(services, static (queue, pipelines) => new GuardedMessageQueue(queue, pipelines.Queue));
        Add<IDeadLetterQueue>(services, static (letters, pipelines) => new GuardedDeadLetterQueue(letters, pipelines.Queue));
        Add<IQueueMonitor>(services, static (monitor, pipelines) => new GuardedQueueMonitor(monitor, pipelines.Queue));
        Add<IBlobStore>(services, static (blobs, pipelines) => new GuardedBlobStore(blobs, pipelines.BlobStore));
        Add<ICatalogReader>(services, static (catalog, pipelines) => new GuardedCatalogReader(catalog, pipelines.Catalog));
        Add<ICatalogWriter>(services, static (catalog, pipelines) => new GuardedCatalogWriter(catalog, pipelines.Catalog));
        Add<ISessionLifecycle>(services, static (lifecycle, pipelines) => new GuardedSessionLifecycle(lifecycle, pipelines.Catalog));
        Add<IAssetCatalog>(services, static (assets, pipelines) => new GuardedAssetCatalog(assets, pipelines.Catalog));
        Add<IQuotaStore>(services, static (quotas, pipelines) => new GuardedQuotaStore(quotas, pipelines.Catalog));
        Add<ILiveViewStore>(services, static (views, pipelines) => new GuardedLiveViewStore(views, pipelines.Catalog));
        Add<IAuditLog>(services, static (audit, pipelines) => new GuardedAuditLog(audit, pipelines.AuditLog));
        Add<IAuditLifecycle>(services, static (audit, pipelines) => new GuardedAuditLifecycle(audit, pipelines.AuditLog));
        Add<IKeyStore>(services, static (keys, pipelines) => new GuardedKeyStore(keys, pipelines.KeyStore));
        Add<IKeyRotationStore>(services, static (keys, pipelines) => new GuardedKeyRotationStore(keys, pipelines.KeyStore));
        Add<IKeyLifecycle>(services, static (keys, pipelines) => new GuardedKeyLifecycle(keys, pipelines.KeyStore));
        Add<IKeyManagementService>(
            services, static (management, pipelines) => new GuardedKeyManagementService(management, pipelines.KeyManagement));
    }

    /// <summary>Registers a logger whose lines about a dependency that is unavailable are bounded.</summary>
    public static void AddLogger<T>(IServiceCollection services) =>
        services.TryAddSingleton<ILogger<T>>(
            static provider =>
                new OutageLogger<T>(provider.GetRequiredService<ILoggerFactory>(), provider.GetRequiredService<OutageLines>()));

    /// <summary>What the class of an adapter implements beside its main interface.</summary>
    private static void AddFacet<TService, TFacet>(IServiceCollection services, string name)
        where TService : class
        where TFacet : class =>
            services.TryAddSingleton(provider => provider.GetRequiredService<TService>() is var adapter && adapter is TFacet facet
            ? facet
            : throw new InvalidOperationException($"The {name} {adapter.GetType().Name} does not implement {typeof(TFacet).Name}."));

    private static void Add<T>(IServiceCollection services, Func<T, DependencyPipelines, T> guard)
        where T : class =>
        services.AddKeyedSingleton(
            Key, (provider, _) => guard(provider.GetRequiredService<T>(), provider.GetRequiredService<DependencyPipelines>()));
}
