namespace SessionReplay.Queues;

/// <summary>A message to publish.</summary>
/// <param name="Id">Names the message: equal ids are the same batch, so that a queue which can remove duplicates may. At most 128 ASCII
/// characters.</param>
/// <param name="PartitionKey">The session; a queue with partitions keeps equal keys together. At most 128 ASCII characters.</param>
/// <param name="Body">The bytes, at most <see cref="IMessageQueue.MaxMessageBytes"/>. They belong to the caller again when the publish
/// ends.</param>
public readonly record struct QueueMessage(string Id, string PartitionKey, ReadOnlyMemory<byte> Body);
