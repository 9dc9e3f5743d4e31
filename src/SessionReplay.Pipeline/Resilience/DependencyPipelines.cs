using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SessionReplay.Queues;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Resilience;

/// <summary>The pipelines of all dependencies.</summary>
public sealed class DependencyPipelines : IDisposable
{
    /// <summary>Initializes a new instance of the <see cref="DependencyPipelines"/> class.</summary>
    public DependencyPipelines(
        IOptions<ResilienceOptions> options, TimeProvider clock, IMeterFactory meters, ILogger<DependencyPipelines> logger)
    {
        var settings = options.Value;
        Queue = new(Dependency.Queue, settings.Queue, clock, logger);
        BlobStore = new(Dependency.BlobStore, settings.Storage, clock, logger);
        Catalog = new(Dependency.Catalog, settings.Catalog, clock, logger);
        AuditLog = new(Dependency.AuditLog, settings.Audit, clock, logger);
        KeyStore = new(Dependency.KeyStore, settings.KeyStore, clock, logger);
        KeyManagement = new(Dependency.KeyManagement, settings.KeyManagement, clock, logger);
        All = [Queue, BlobStore, Catalog, AuditLog, KeyStore, KeyManagement];
        Telemetry.ObserveBreakers(meters, this);
    }

    internal DependencyPipeline Queue { get; }

    internal DependencyPipeline BlobStore { get; }

    internal DependencyPipeline Catalog { get; }

    internal DependencyPipeline AuditLog { get; }

    internal DependencyPipeline KeyStore { get; }

    internal DependencyPipeline KeyManagement { get; }

    internal IReadOnlyList<DependencyPipeline> All { get; }

    /// <summary>Throws if calls to the queue are withheld now, before a caller does work for one.</summary>
    /// <exception cref="QueueUnavailableException">The circuit breaker is open.</exception>
    public void ThrowIfQueueIsWithheld() => Queue.ThrowIfOpen();

    /// <summary>Throws if calls to the blob store are withheld now, before a caller does work for one.</summary>
    /// <exception cref="BlobStoreUnavailableException">The circuit breaker is open.</exception>
    public void ThrowIfBlobStoreIsWithheld() => BlobStore.ThrowIfOpen();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var pipeline in All)
        {
            pipeline.Dispose();
        }
    }
}
