namespace SessionReplay.Queues;

/// <summary>Enters a semaphore for as long as a block runs.</summary>
internal static class SemaphoreExtensions
{
    /// <summary>Waits for a place, which is free again when the result is disposed.</summary>
    internal static async Task<Place> EnterAsync(this SemaphoreSlim semaphore, CancellationToken cancellationToken)
    {
        await semaphore.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Place(semaphore);
    }

    internal readonly struct Place(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}
