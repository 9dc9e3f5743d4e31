namespace SessionReplay.Queues;

/// <summary>How full a queue is.</summary>
/// <param name="Ready">Messages that wait to be delivered, delayed ones included.</param>
/// <param name="InFlight">Messages delivered and not settled.</param>
/// <param name="DeadLettered">Dead letters.</param>
/// <param name="OldestAge">
/// The age of the oldest waiting message, or of the oldest that this process holds unsettled if the queue reports no other;
/// <see langword="null"/> if there is none or the queue does not report it.
/// </param>
public readonly record struct QueueStatus(long Ready, long InFlight, long DeadLettered, TimeSpan? OldestAge);
