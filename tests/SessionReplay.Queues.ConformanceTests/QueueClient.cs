namespace SessionReplay.Queues.ConformanceTests;

/// <summary>An adapter's queue as one process would hold it. Disposing it is the orderly end of that process.</summary>
/// <param name="queue">The queue.</param>
/// <param name="deadLetters">Its dead letters.</param>
/// <param name="monitor">Its status.</param>
/// <param name="dispose">Ends it in order.</param>
/// <param name="describe">Tells what the peer holds and what the adapter has logged, for the messages of failing tests.</param>
public sealed class QueueClient(
    IMessageQueue queue, IDeadLetterQueue deadLetters, IQueueMonitor monitor, Func<ValueTask> dispose, Func<string>? describe = null)
    : IAsyncDisposable
{
    private int _ended;

    public IMessageQueue Queue { get; } = queue;

    public IDeadLetterQueue DeadLetters { get; } = deadLetters;

    public IQueueMonitor Monitor { get; } = monitor;

    /// <summary>Makes one of an object that is all three and disposable.</summary>
    public static QueueClient Of<T>(T queue, Func<string>? describe = null)
        where T : class, IMessageQueue, IDeadLetterQueue, IQueueMonitor, IAsyncDisposable =>
        new(queue, queue, queue, queue.DisposeAsync, describe);

    /// <summary>Tells where messages may be: in the queue, with a consumer, among the dead letters.</summary>
    public async Task<string> DescribeAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            return $"{await Monitor.GetStatusAsync(limit.Token)}\n{describe?.Invoke()}";
        }
        catch (Exception e) when (e is QueueUnavailableException or OperationCanceledException)
        {
            return $"The status is unknown: {e.Message}\n{describe?.Invoke()}";
        }
    }

    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _ended, 1) == 0 ? dispose() : ValueTask.CompletedTask;
}
