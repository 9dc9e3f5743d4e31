using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SessionReplay.AspNetCore.Resilience;

/// <summary>The circuits of all dependencies.</summary>
internal sealed class Circuits : IDisposable
{
    public Circuits(IOptions<SessionReplayOptions> options, TimeProvider clock, IMeterFactory meters, ILogger<Circuits> logger)
    {
        var settings = options.Value.Resilience;
        Queue = new(Dependency.Queue, settings.Queue, clock, logger);
        BlobStore = new(Dependency.BlobStore, settings.Storage, clock, logger);
        Catalog = new(Dependency.Catalog, settings.Catalog, clock, logger);
        AuditLog = new(Dependency.AuditLog, settings.Audit, clock, logger);
        KeyStore = new(Dependency.KeyStore, settings.KeyStore, clock, logger);
        KeyManagement = new(Dependency.KeyManagement, settings.KeyManagement, clock, logger);
        All = [Queue, BlobStore, Catalog, AuditLog, KeyStore, KeyManagement];
        Telemetry.ObserveCircuits(meters, this);
    }

    public Circuit Queue { get; }

    public Circuit BlobStore { get; }

    public Circuit Catalog { get; }

    public Circuit AuditLog { get; }

    public Circuit KeyStore { get; }

    public Circuit KeyManagement { get; }

    public IReadOnlyList<Circuit> All { get; }

    public void Dispose()
    {
        foreach (var circuit in All)
        {
            circuit.Dispose();
        }
    }
}
