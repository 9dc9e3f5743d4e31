namespace SessionReplay.Queues;

/// <summary>
/// What an adapter writes of a delivery: how its broker settles a message. <see cref="QueueDelivery"/> calls one of the settling methods,
/// once, and <see cref="GiveBackAsync"/> when that failed or none was called.
/// </summary>
/// <remarks>A method makes one attempt and throws what the client throws.</remarks>
internal interface IBrokerMessage
{
    string Id { get; }

    ReadOnlyMemory<byte> Body { get; }

    /// <summary>Gets how often the message has been delivered, this time included.</summary>
    int Attempt { get; }

    /// <summary>Gets whether a retry makes the message a dead letter.</summary>
    bool IsLastAttempt { get; }

    Task AckAsync(CancellationToken end);

    /// <summary>Has the message delivered again after a delay.</summary>
    Task RetryAsync(CancellationToken end);

    /// <summary>
    /// Moves the message to the dead letters: first the copy, then the removal, so that a crash leaves it twice and never loses it.
    /// </summary>
    /// <param name="reason">Why, cut to the length that is kept.</param>
    /// <param name="keepBody">Whether the body is of use.</param>
    /// <param name="end">Ends the attempt.</param>
    Task DeadLetterAsync(string reason, bool keepBody, CancellationToken end);

    /// <summary>Gives the message back without counting the attempt, as far as the broker can. If that fails its lease expires.</summary>
    /// <param name="afterFailure">Whether the broker did not confirm a settlement before.</param>
    /// <param name="end">Ends the attempt.</param>
    Task GiveBackAsync(bool afterFailure, CancellationToken end);

    /// <summary>Called last, after the message was settled or given back, as far as that succeeded.</summary>
    void End();
}
