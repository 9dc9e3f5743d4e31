namespace SessionReplay.Queues;

/// <summary>Gives an operator the messages that were set aside. Both members throw <see cref="QueueUnavailableException"/> when the queue cannot be reached.</summary>
public interface IDeadLetterQueue
{
    /// <summary>Lists dead letters without removing them.</summary>
    /// <param name="limit">The greatest number, from 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The dead letters, oldest first.</returns>
    ValueTask<IReadOnlyList<DeadLetter>> ListAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Puts dead letters back into the queue with their attempts forgotten. None is lost when the process ends on the way.</summary>
    /// <param name="limit">The greatest number, from 1 to 1,000; the oldest go first.</param>
    /// <param name="cancellationToken">Ends the work between two messages.</param>
    /// <returns>How many were put back.</returns>
    ValueTask<int> RedriveAsync(int limit, CancellationToken cancellationToken);
}
