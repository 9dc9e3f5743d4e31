namespace SessionReplay.Queues.Kafka;

/// <summary>How far this process has come with an assigned partition.</summary>
/// <param name="Front">The offset below which everything is settled.</param>
/// <param name="Next">The offset of the next message to consume.</param>
/// <param name="Delivered">Messages with consumers.</param>
/// <param name="Settled">Messages settled behind one that is not.</param>
/// <param name="OldestWaiting">When the oldest waiting message of those in memory was published, ms since the Unix epoch.</param>
internal readonly record struct PartitionProgress(long Front, long Next, int Delivered, int Settled, long? OldestWaiting);
