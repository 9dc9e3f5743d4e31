namespace SessionReplay.Queues;

/// <summary>
/// A durable queue that delivers at least once, in no promised order. Safe for concurrent use, also by many processes.
/// </summary>
public interface IMessageQueue
{
    /// <summary>Gets the greatest body in bytes. What is larger travels as a claim check.</summary>
    /// <remarks>
    /// Where the server decides it, it may become smaller when the queue connects: <see cref="PublishAsync"/> then throws
    /// <see cref="MessageTooLargeException"/>, and the message travels as a claim check too.
    /// </remarks>
    int MaxMessageBytes { get; }

    /// <summary>Publishes a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Ends the wait; the message may have been published all the same.</param>
    /// <returns>A task that ends when the message is durable: it survives a crash of every process.</returns>
    /// <exception cref="QueueUnavailableException">The message may or may not be in the queue; publish it again later.</exception>
    /// <exception cref="MessageTooLargeException">The body exceeds <see cref="MaxMessageBytes"/>.</exception>
    ValueTask PublishAsync(QueueMessage message, CancellationToken cancellationToken);

    /// <summary>
    /// Receives messages; each is leased to the caller, and the lease is kept alive, until it is settled or its process ends.
    /// </summary>
    /// <param name="maxMessages">The greatest number, from 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the wait; what was received then goes back to the queue.</param>
    /// <returns>At least one delivery. The call waits until there is one.</returns>
    /// <exception cref="QueueUnavailableException">The queue cannot be reached; call again later.</exception>
    ValueTask<IReadOnlyList<IQueueDelivery>> ReceiveAsync(int maxMessages, CancellationToken cancellationToken);
}
