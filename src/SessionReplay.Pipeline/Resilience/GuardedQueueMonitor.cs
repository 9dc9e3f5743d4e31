using SessionReplay.Queues;

namespace SessionReplay.Pipeline.Resilience;

/// <summary>
/// The monitor beside the queue's pipeline: bounded in time. An answer says that the queue is there, so that a breaker whose break is over
/// closes in a process that publishes nothing. A failure says nothing of it: counting may need rights, or an endpoint, that sending and
/// receiving do not.
/// </summary>
internal sealed class GuardedQueueMonitor(IQueueMonitor inner, DependencyPipeline pipeline) : IQueueMonitor
{
    public async ValueTask<QueueStatus> GetStatusAsync(CancellationToken cancellationToken)
    {
        var status = await pipeline.BoundAsync(inner, static (monitor, token) => monitor.GetStatusAsync(token), cancellationToken)
            .ConfigureAwait(false);
        await pipeline.ReportSuccessAsync().ConfigureAwait(false);
        return status;
    }
}
