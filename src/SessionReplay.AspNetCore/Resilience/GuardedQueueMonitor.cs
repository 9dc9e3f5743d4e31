using SessionReplay.Queues;

namespace SessionReplay.AspNetCore.Resilience;

/// <summary>The monitor behind the queue's circuit. Whoever polls it asks again anyway, so nothing is repeated here.</summary>
internal sealed class GuardedQueueMonitor(IQueueMonitor inner, Circuit circuit) : IQueueMonitor
{
    public ValueTask<QueueStatus> GetStatusAsync(CancellationToken cancellationToken) =>
        circuit.OnceAsync(inner, static (monitor, token) => monitor.GetStatusAsync(token), cancellationToken);
}
