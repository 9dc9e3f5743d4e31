using SessionReplay.Catalog;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.Pipeline.Messages;

/// <summary>Knows whether the catalog has room for more chunks; asks it every few seconds at most.</summary>
/// <param name="catalog">The catalog.</param>
/// <param name="clock">The clock.</param>
public sealed class CatalogRoom([Guarded] ICatalogWriter catalog, TimeProvider clock)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(5);

    private volatile Reading? _last;
    private int _isAsking;

    /// <summary>Gets the last reading; <see langword="null"/> before the first.</summary>
    public CatalogSpace? Last => _last?.Space;

    /// <summary>
    /// Says whether the catalog was full when it was last asked, and has it asked again when that was long ago. Waits for nothing: while
    /// the catalog is away, batches go to the queue as always.
    /// </summary>
    /// <returns>Whether nothing more is to be accepted.</returns>
    public bool WasFull()
    {
        if (IsOld() && Interlocked.Exchange(ref _isAsking, 1) == 0)
        {
            _ = AskInBackgroundAsync();
        }

        return _last is { Space.IsFull: true };
    }

    /// <summary>Says whether the catalog has reached its bound.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether nothing more is to be recorded.</returns>
    /// <exception cref="CatalogUnavailableException">The catalog cannot be reached.</exception>
    public async ValueTask<bool> IsFullAsync(CancellationToken cancellationToken)
    {
        if (IsOld())
        {
            // Several callers may ask at once: the answer is the same, and the question cheap.
            await AskAsync(cancellationToken).ConfigureAwait(false);
        }

        return _last is { Space.IsFull: true };
    }

    private bool IsOld() => _last is not { } last || clock.GetElapsedTime(last.At) > MaxAge;

    private async ValueTask AskAsync(CancellationToken cancellationToken) =>
        _last = new(await catalog.ReadSpaceAsync(cancellationToken).ConfigureAwait(false), clock.GetTimestamp());

    private async Task AskInBackgroundAsync()
    {
        try
        {
            await AskAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (CatalogUnavailableException)
        {
            // Its outage is logged where calls to it are guarded.
        }
        finally
        {
            Volatile.Write(ref _isAsking, 0);
        }
    }

    private sealed record Reading(CatalogSpace Space, long At);
}
