namespace SessionReplay.Queues.Kafka;

/// <summary>
/// Decides which partitions pause. Delayed messages may fill half of the buffer, so that they never stop the others. What is paused goes on
/// when a quarter of the buffer is free: each pause throws away what the client has fetched in advance. Guarded by the lock of
/// <see cref="MessageBuffer"/>.
/// </summary>
internal sealed class FlowControl(KafkaQueueOptions options)
{
    /// <summary>Gets whether all partitions pause.</summary>
    internal bool IsFull { get; private set; }

    /// <summary>Gets whether the partitions of the delayed messages pause.</summary>
    internal bool IsRetryFull { get; private set; }

    /// <summary>Decides again.</summary>
    /// <param name="count">All unsettled messages, the delayed ones included.</param>
    /// <param name="bytes">Their bytes.</param>
    /// <param name="delayed">The delayed ones.</param>
    internal void Update(int count, long bytes, DelayedMessages delayed)
    {
        IsFull = Fills(count, delayed.Count, options.MaxUnsettled, IsFull) || Fills(bytes, delayed.Bytes, options.MaxBufferedBytes, IsFull);
        IsRetryFull = IsFull
            || FillsHalf(delayed.Count, options.MaxUnsettled, IsRetryFull)
            || FillsHalf(delayed.Bytes, options.MaxBufferedBytes, IsRetryFull);
    }

    private static bool Fills(long all, long delayed, long limit, bool before) =>
        all - delayed >= limit - Math.Min(delayed, limit / 2) - (before ? limit / 4 : 0);

    private static bool FillsHalf(long delayed, long limit, bool before) => delayed >= (limit / 2) - (before ? limit / 4 : 0);
}
