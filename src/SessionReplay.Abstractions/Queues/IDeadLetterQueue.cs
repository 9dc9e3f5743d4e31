namespace SessionReplay.Queues;

/// <summary>
/// Gives an operator the messages that were dead-lettered. All members throw <see cref="QueueUnavailableException"/> when the queue cannot
/// be reached.
/// </summary>
public interface IDeadLetterQueue
{
    /// <summary>Lists dead letters without removing them.</summary>
    /// <param name="limit">The greatest number, from 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The dead letters, oldest first.</returns>
    ValueTask<IReadOnlyList<DeadLetter>> ListAsync(int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Puts dead letters back into the queue with their attempts forgotten. None is lost when the process ends on the way.
    /// </summary>
    /// <param name="limit">The greatest number, from 1 to 1,000; the oldest go first.</param>
    /// <param name="cancellationToken">Ends the work between two messages.</param>
    /// <returns>How many were put back. Those without a body (<see cref="IQueueDelivery.RefuseAsync"/>) are of no use in the queue: they
    /// are discarded on the way and not counted.</returns>
    ValueTask<int> RedriveAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Removes dead letters for good.</summary>
    /// <param name="before">Only those that were dead-lettered before this time.</param>
    /// <param name="limit">The greatest number, from 1 to 1,000; the oldest go first.</param>
    /// <param name="cancellationToken">Ends the work between two messages.</param>
    /// <returns>How many were removed.</returns>
    ValueTask<int> DiscardAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Removes the dead letters of a session that was deleted, where the queue can find them without going through all of them.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many were removed: 0 where the queue leaves them to their age. What they hold of the visitor died with the session's
    /// keys.</returns>
    ValueTask<int> DiscardAsync(SessionRef session, CancellationToken cancellationToken) => ValueTask.FromResult(0);
}
