namespace SessionReplay.Queues;

/// <summary>
/// Work that is done once for all callers, and again after it failed or its result was forgotten. A caller that goes away does not end it.
/// </summary>
/// <typeparam name="T">Its result.</typeparam>
/// <param name="work">The work.</param>
/// <param name="timeout">How long it may take.</param>
/// <param name="time">The clock.</param>
internal sealed class SharedWork<T>(Func<CancellationToken, Task<T>> work, TimeSpan timeout, TimeProvider time)
{
    private readonly Lock _lock = new();
    private Task<T>? _current;

    /// <summary>Gets the work that runs or has succeeded; starts it where there is none.</summary>
    internal Task<T> Start()
    {
        lock (_lock)
        {
            return _current is { IsFaulted: false, IsCanceled: false } current
                ? current
                : _current = Task.Run(RunAsync, CancellationToken.None);
        }
    }

    /// <summary>Has the next caller start the work again.</summary>
    internal void Forget()
    {
        lock (_lock)
        {
            _current = null;
        }
    }

    private async Task<T> RunAsync()
    {
        using var limited = new CancellationTokenSource(timeout, time);
        return await work(limited.Token).ConfigureAwait(false);
    }
}
