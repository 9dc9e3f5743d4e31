namespace SessionReplay.Queues;

/// <summary>Tells how full the queue is, for metrics, health checks and scaling.</summary>
public interface IQueueMonitor
{
    /// <summary>Gets the status.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The status as the queue reports it now; it may lag by seconds.</returns>
    /// <exception cref="QueueUnavailableException">The queue cannot be reached.</exception>
    ValueTask<QueueStatus> GetStatusAsync(CancellationToken cancellationToken);
}
