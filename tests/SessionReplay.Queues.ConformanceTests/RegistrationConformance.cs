using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SessionReplay.Testing;
using Xunit.Abstractions;

namespace SessionReplay.Queues.ConformanceTests;

/// <summary>The extension method registers one queue as all that it is, with a health check.</summary>
public abstract class RegistrationConformance(QueueFixture fixture, ITestOutputHelper output) : QueueConformance(fixture, output)
{
    [SkippableFact]
    public async Task Add_Code_RegistersQueueAndHealthCheck()
    {
        var builder = new TestBuilder();
        Fixture.Register(builder, Fixture.NewQueueName());
        await using var provider = builder.Services.BuildServiceProvider();

        var queue = provider.GetRequiredService<IMessageQueue>();

        Assert.Same(queue, provider.GetRequiredService<IDeadLetterQueue>());
        Assert.Same(queue, provider.GetRequiredService<IQueueMonitor>());
        using var limit = Limit();
        await queue.PublishAsync(Message("one", RandomBody(10)), limit.Token);
        var (report, check) = await CheckAsync(provider);
        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Contains(" ready", check.Description, StringComparison.Ordinal);
        Count(1, 1, 1);
    }

    [SkippableFact]
    public async Task Add_NoPeer_IsUnhealthyAndTellsNoSecret()
    {
        var builder = new TestBuilder();
        Fixture.RegisterUnreachable(builder);
        await using var provider = builder.Services.BuildServiceProvider();

        var (report, check) = await CheckAsync(provider);

        Assert.Equal(HealthStatus.Unhealthy, report.Status);
        Assert.DoesNotContain(QueueFixture.Secret, $"{check.Description} {check.Exception}", StringComparison.Ordinal);
        Count(0, 0, 0);
    }

    private async Task<(HealthReport Report, HealthReportEntry Check)> CheckAsync(IServiceProvider provider)
    {
        using var limit = Limit();
        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(limit.Token);
        return (report, report.Entries["session-replay-queue-" + Fixture.Adapter.ToLowerInvariant()]);
    }
}
