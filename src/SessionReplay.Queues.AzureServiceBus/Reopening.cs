namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>Keeps something that the service closes when it is idle (links, after ten minutes), and opens it again when it is needed.</summary>
/// <param name="open">Opens it.</param>
/// <param name="isClosed">Tells whether it has been closed.</param>
/// <param name="timeout">How long opening may take. A caller that goes away does not end it.</param>
internal sealed class Reopening<T>(Func<CancellationToken, Task<T>> open, Func<T, bool> isClosed, TimeSpan timeout)
    where T : class
{
    private readonly Lock _lock = new();
    private Task<T>? _opening;

    internal Task<T> GetAsync(CancellationToken cancellationToken)
    {
        Task<T> opening;
        lock (_lock)
        {
            opening = _opening is { IsFaulted: false, IsCanceled: false } current && !(current.IsCompleted && isClosed(current.Result))
                ? current
                : _opening = OpenAsync();
        }

        return opening.IsCompleted ? opening : opening.WaitAsync(cancellationToken);
    }

    private async Task<T> OpenAsync()
    {
        using var limit = new CancellationTokenSource(timeout);
        return await open(limit.Token).ConfigureAwait(false);
    }
}
