namespace SessionReplay.Queues;

/// <summary>The exception thrown when a message is larger than the queue takes.</summary>
/// <param name="size">The size of the body in bytes.</param>
/// <param name="limit">The greatest size in bytes.</param>
public sealed class MessageTooLargeException(long size, long limit)
    : Exception($"The message has {size} bytes, the queue takes {limit}; send it as a claim check.")
{
    /// <summary>Gets the size of the body in bytes.</summary>
    public long Size { get; } = size;

    /// <summary>Gets the greatest size in bytes.</summary>
    public long Limit { get; } = limit;
}
