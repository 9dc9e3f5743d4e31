using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Pipeline.Worker;
using SessionReplay.Queues;

namespace SessionReplay.Pipeline.Tests.Worker;

public sealed class QueueMetricsTests
{
    private readonly IQueueMonitor _monitor = Substitute.For<IQueueMonitor>();
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Metrics_QueueFillsFailsAndComesBack_TellWhatIsKnown()
    {
        await using var services = Services(_monitor);
        _monitor.GetStatusAsync(Arg.Any<CancellationToken>()).Returns(
            _ => new(new QueueStatus(7, 2, 1, TimeSpan.FromSeconds(90))),
            _ => throw new QueueUnavailableException("away"),
            _ => throw new InvalidOperationException("a bug of the adapter"),
            _ => new(new QueueStatus(0, 0, 1, null)),
            _ => new(new QueueStatus(5, 0, 1, null)));
        using var metrics = Create(services);
        await metrics.StartAsync(default);

        await WaitAsync(services, ("ready", 7), ("in_flight", 2), ("dead_lettered", 1), ("oldest_age", 90));
        _clock.Advance(TimeSpan.FromSeconds(15));
        await WaitAsync(services);
        _clock.Advance(TimeSpan.FromSeconds(15));
        await FullHost.WaitAsync(() => Task.FromResult(_monitor.ReceivedCalls().Count() == 3), "the third call");
        await WaitAsync(services);
        _clock.Advance(TimeSpan.FromSeconds(15));
        await WaitAsync(services, ("ready", 0), ("in_flight", 0), ("dead_lettered", 1), ("oldest_age", 0));
        // A queue that has messages and cannot tell their age says nothing of it.
        _clock.Advance(TimeSpan.FromSeconds(15));
        await WaitAsync(services, ("ready", 5), ("in_flight", 0), ("dead_lettered", 1));
        await metrics.StopAsync(default);
    }

    [Fact]
    public async Task Metrics_QueueThatCannotTell_AreNotThere()
    {
        await using var services = Services(null);
        using var metrics = Create(services);
        await metrics.StartAsync(default);

        Assert.Empty(Gauges.Read(services));
        await metrics.StopAsync(default);
    }

    [Fact]
    public async Task Metrics_OfARealHost_AreThere()
    {
        await using var host = await FullHost.StartAsync();
        await FullHost.WaitAsync(
            () => Task.FromResult(Gauges.Read(host.Services).TryGetValue("sessionreplay.queue.ready", out var ready) && ready == 0),
            "the queue's metrics");
    }

    private static Task WaitAsync(ServiceProvider services, params (string Name, double Value)[] expected) => FullHost.WaitAsync(
        () => Task.FromResult(Gauges.Read(services).OrderBy(each => each.Key, StringComparer.Ordinal).SequenceEqual(
            expected.Select(each => KeyValuePair.Create($"sessionreplay.queue.{each.Name}", each.Value))
                .OrderBy(each => each.Key, StringComparer.Ordinal))),
        string.Join(", ", expected));

    private static ServiceProvider Services(IQueueMonitor? monitor)
    {
        var services = new ServiceCollection().AddMetrics();
        if (monitor is not null)
        {
            services.AddSingleton(monitor).AddKeyedSingleton(GuardedServices.Key, monitor);
        }

        return services.BuildServiceProvider();
    }

    private QueueMetrics Create(ServiceProvider services) => new(
        services, services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), Options.Create(new WorkerOptions()), _clock,
        NullLogger<QueueMetrics>.Instance);
}
