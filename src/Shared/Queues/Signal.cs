namespace SessionReplay.Queues;

/// <summary>Wakes everyone who waits for messages.</summary>
internal sealed class Signal
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets the task that ends at the next raise; take it before looking for messages.</summary>
    internal Task Next => Volatile.Read(ref _next).Task;

    internal void Raise() =>
        Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
