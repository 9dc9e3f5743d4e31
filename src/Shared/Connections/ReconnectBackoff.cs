namespace SessionReplay.Queues;

/// <summary>
/// Decides when a connection may be tried again, so that a broker that is away, or that ends every connection, is not run over by its
/// clients.
/// </summary>
internal sealed class ReconnectBackoff(TimeProvider time)
{
    /// <summary>A connection that lasted for this long was a good one.</summary>
    internal static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private Exception? _failure;
    private long _failedAt;
    private long _connectedAt;
    private TimeSpan _delay;
    private int _failures;
    private int _shortLives;

    /// <summary>Gets the failure after which it is too early for the next try; <see langword="null"/> when one may be made.</summary>
    internal Exception? Failure => _failure is not null && time.GetElapsedTime(_failedAt) < _delay ? _failure : null;

    /// <summary>Counts a try that failed.</summary>
    /// <returns>After which time the next one may be made.</returns>
    internal TimeSpan CountFailure(Exception failure)
    {
        Delay(failure, ++_failures);
        return _delay;
    }

    /// <summary>Counts a try that did not fail.</summary>
    internal void CountSuccess()
    {
        _failure = null;
        _failures = 0;
        _connectedAt = time.GetTimestamp();
    }

    /// <summary>Counts the end of a connection. The first that did not last is made again at once, those after it are not.</summary>
    internal void CountEnd()
    {
        _shortLives = time.GetElapsedTime(_connectedAt) < MaxDelay ? _shortLives + 1 : 0;
        if (_shortLives > 1)
        {
            Delay(new IOException("the connections that are made end at once."), _shortLives - 1);
        }
    }

    private void Delay(Exception failure, int times)
    {
        _failure = failure;
        _failedAt = time.GetTimestamp();
        _delay = RetryDelay.Compute(times, FirstDelay, MaxDelay, Random.Shared.NextDouble());
    }
}
