namespace SessionReplay.Queues.ConformanceTests;

/// <summary>An adapter's queue as one process would hold it. Disposing it is the orderly end of that process.</summary>
/// <param name="queue">The queue.</param>
/// <param name="deadLetters">Its dead letters.</param>
/// <param name="monitor">Its status.</param>
/// <param name="handle">Anything the fixture needs to crash it.</param>
/// <param name="dispose">Ends it in order.</param>
public sealed class QueueClient(IMessageQueue queue, IDeadLetterQueue deadLetters, IQueueMonitor monitor, object handle, Func<ValueTask> dispose)
    : IAsyncDisposable
{
    private int _ended;

    public IMessageQueue Queue { get; } = queue;

    public IDeadLetterQueue DeadLetters { get; } = deadLetters;

    public IQueueMonitor Monitor { get; } = monitor;

    public object Handle { get; } = handle;

    /// <summary>Makes one of an object that is all three and disposable.</summary>
    public static QueueClient Of<T>(T queue)
        where T : class, IMessageQueue, IDeadLetterQueue, IQueueMonitor, IAsyncDisposable =>
        new(queue, queue, queue, queue, queue.DisposeAsync);

    /// <summary>Called by the fixture when it has crashed the client: nothing is left to dispose.</summary>
    public void MarkEnded() => Interlocked.Exchange(ref _ended, 1);

    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _ended, 1) == 0 ? dispose() : ValueTask.CompletedTask;
}
