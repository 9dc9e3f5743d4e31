using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using SessionReplay.Catalog;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.Pipeline.Tests.Resilience;

public sealed class DependencyHealthCheckTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly DependencyPipelines _pipelines;

    public DependencyHealthCheckTests() => _pipelines = new(
        Options.Create(new ResilienceOptions()), _clock, _services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(),
        NullLogger<DependencyPipelines>.Instance);

    public void Dispose()
    {
        _pipelines.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task Check_CatalogOpensAndComesBack_TellsEachState()
    {
        Assert.Equal((HealthStatus.Healthy, "All dependencies are called.", "closed", 0), await LookAsync());
        for (var i = 0; i < 10; i++)
        {
            await _pipelines.Catalog.ReportFailureAsync(new CatalogUnavailableException("away"));
        }

        Assert.Equal((HealthStatus.Unhealthy, "Unavailable: catalog.", "open", 2), await LookAsync());
        // Without a single call: else a process that gets no traffic while it is unhealthy would never get any again.
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((HealthStatus.Degraded, "Unavailable: catalog.", "half-open", 1), await LookAsync());
        await _pipelines.Catalog.OnceAsync(0, static (_, _) => default, default);
        Assert.Equal((HealthStatus.Healthy, "All dependencies are called.", "closed", 0), await LookAsync());
    }

    private async Task<(HealthStatus Status, string? Description, object State, double Gauge)> LookAsync()
    {
        var check = new DependencyHealthCheck(_pipelines);
        var result = await check.CheckHealthAsync(new() { Registration = new("circuits", check, HealthStatus.Unhealthy, []) });
        Assert.Equal(
            ["audit-log", "blob-store", "catalog", "key-management", "key-store", "queue"], result.Data.Keys.Order(StringComparer.Ordinal));
        var gauges = Gauges.Read(_services);
        Assert.Equal(6, gauges.Count);
        Assert.Equal(0, gauges["sessionreplay.dependency.circuit queue"]);
        return (result.Status, result.Description, result.Data["catalog"], gauges["sessionreplay.dependency.circuit catalog"]);
    }
}
