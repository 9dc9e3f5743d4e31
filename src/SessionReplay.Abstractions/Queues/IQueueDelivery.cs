namespace SessionReplay.Queues;

/// <summary>
/// A message that was received and is to be settled once, by one of the four methods. Disposing an unsettled delivery gives it back to the
/// queue at once without counting the attempt.
/// </summary>
/// <remarks>
/// A method throws <see cref="QueueUnavailableException"/> when the queue did not confirm; the message will then be delivered again, to
/// anyone. It throws <see cref="InvalidOperationException"/> when the delivery was settled or disposed before; of several concurrent calls
/// one wins.
/// </remarks>
public interface IQueueDelivery : IAsyncDisposable
{
    /// <summary>Gets the id given at publishing.</summary>
    string MessageId { get; }

    /// <summary>Gets the body; valid until the delivery is settled.</summary>
    ReadOnlyMemory<byte> Body { get; }

    /// <summary>
    /// Gets how often the message has been delivered, this time included: 1 at first. A queue that does not know counts as well as it can.
    /// </summary>
    int Attempt { get; }

    /// <summary>Removes the message: it has been dealt with.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when the queue has confirmed.</returns>
    ValueTask AckAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Gives the message back, to be delivered again after a delay that grows with <see cref="Attempt"/>. After the queue's greatest number
    /// of attempts it becomes a dead letter.
    /// </summary>
    /// <param name="reason">Why, for the dead letter; no content. At most 1,024 characters are kept.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when the queue has confirmed.</returns>
    ValueTask RetryAsync(string reason, CancellationToken cancellationToken);

    /// <summary>Sets the message aside, whole and with the reason, for an operator.</summary>
    /// <param name="reason">Why it can never be dealt with; no content. At most 1,024 characters are kept.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when the queue has confirmed.</returns>
    ValueTask DeadLetterAsync(string reason, CancellationToken cancellationToken);

    /// <summary>
    /// Removes a message whose content is of no use to anybody, and sets aside a dead letter with its id and the reason and without its
    /// body, so that what others may cause takes next to no space. A queue that cannot dead-letter a message without its body removes and
    /// logs it.
    /// </summary>
    /// <param name="reason">Why; no content. At most 1,024 characters are kept.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when the queue has confirmed.</returns>
    ValueTask RefuseAsync(string reason, CancellationToken cancellationToken);
}
