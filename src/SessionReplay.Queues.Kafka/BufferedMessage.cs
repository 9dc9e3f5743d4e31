namespace SessionReplay.Queues.Kafka;

/// <summary>A consumed record.</summary>
internal sealed class BufferedMessage(PartitionState partition, long offset, byte[] key, byte[] body, MessageHeaders headers)
{
    internal PartitionState Partition => partition;

    internal long Offset => offset;

    internal byte[] Key => key;

    internal byte[] Body => body;

    internal MessageHeaders Headers => headers;

    internal int Attempt => headers.Attempts + 1;

    /// <summary>Gets or sets where the message is; guarded by the lock of <see cref="MessageBuffer"/>.</summary>
    internal MessageState State { get; set; }
}
