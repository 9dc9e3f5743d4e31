using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.Catalog;

namespace SessionReplay.AspNetCore.Tests.Resilience;

public sealed class CircuitsHealthCheckTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Circuits _circuits;

    public CircuitsHealthCheckTests() => _circuits = new(
        Options.Create(new SessionReplayOptions()), _clock, _services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), NullLogger<Circuits>.Instance);

    public void Dispose()
    {
        _circuits.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task Check_CatalogOpensAndComesBack_TellsEachState()
    {
        Assert.Equal((HealthStatus.Healthy, "All dependencies are called.", "closed", 0), await LookAsync());
        for (var i = 0; i < 10; i++)
        {
            await _circuits.Catalog.ReportFailureAsync(new CatalogUnavailableException("away"));
        }

        Assert.Equal((HealthStatus.Unhealthy, "Unavailable: catalog.", "open", 2), await LookAsync());
        // Without a single call: else a process that gets no traffic while it is unhealthy would never get any again.
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((HealthStatus.Degraded, "Unavailable: catalog.", "half-open", 1), await LookAsync());
        await _circuits.Catalog.OnceAsync(0, static (_, _) => default, default);
        Assert.Equal((HealthStatus.Healthy, "All dependencies are called.", "closed", 0), await LookAsync());
    }

    private async Task<(HealthStatus Status, string? Description, object State, double Gauge)> LookAsync()
    {
        var check = new CircuitsHealthCheck(_circuits);
        var result = await check.CheckHealthAsync(new() { Registration = new("circuits", check, HealthStatus.Unhealthy, []) });
        Assert.Equal(["audit-log", "blob-store", "catalog", "key-management", "key-store", "queue"], result.Data.Keys.Order(StringComparer.Ordinal));
        var gauges = Gauges.Read(_services);
        Assert.Equal(6, gauges.Count);
        Assert.Equal(0, gauges["sessionreplay.dependency.circuit queue"]);
        return (result.Status, result.Description, result.Data["catalog"], gauges["sessionreplay.dependency.circuit catalog"]);
    }
}
