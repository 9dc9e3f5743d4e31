using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SessionReplay.Pipeline.Lifecycle;
using SessionReplay.Pipeline.Messages;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.Pipeline.Worker;

/// <summary>Registers what writes queued batches to the stores.</summary>
public static class WorkerRegistration
{
    /// <summary>Adds the storage worker, its sweeps and the queue's metrics.</summary>
    /// <param name="services">The application's services.</param>
    public static void AddWorker(IServiceCollection services)
    {
        GuardedServices.AddLogger<StorageWorker>(services);
        GuardedServices.AddLogger<QueueMetrics>(services);
        GuardedServices.AddLogger<CatalogMetrics>(services);
        GuardedServices.AddLogger<DeadLetterSweep>(services);
        GuardedServices.AddLogger<AuditSweep>(services);
        services.TryAddSingleton<CatalogRoom>();
        services.TryAddSingleton<GroupWriter>();
        services.TryAddSingleton<MessageReader>();
        services.AddHostedService<StorageWorker>();
        services.AddHostedService<QueueMetrics>();
        services.AddHostedService<CatalogMetrics>();
        services.TryAddEnumerable(
            [ServiceDescriptor.Singleton<ISweep, AuditSweep>(), ServiceDescriptor.Singleton<ISweep, DeadLetterSweep>()]);
    }
}
