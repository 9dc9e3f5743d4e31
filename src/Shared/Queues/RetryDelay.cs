namespace SessionReplay.Queues;

/// <summary>Computes how long a queue waits before it delivers a message again, so that all adapters grow their delays alike.</summary>
internal static class RetryDelay
{
    /// <summary>
    /// Computes the delay: it doubles with each attempt up to the greatest, and jitter takes off at most a half, so that a delay is never
    /// shorter than the one before it could have been.
    /// </summary>
    /// <param name="attempt">How often the message has been delivered, from 1.</param>
    /// <param name="first">The delay after the first attempt, before jitter.</param>
    /// <param name="greatest">The greatest delay.</param>
    /// <param name="jitter">A random number from 0 to 1, for instance <c>Random.Shared.NextDouble()</c>.</param>
    /// <returns>The delay.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    public static TimeSpan Compute(int attempt, TimeSpan first, TimeSpan greatest, double jitter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(first, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(greatest, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(jitter, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(jitter, 1);
        var full = Math.Min(first.Ticks * Math.Pow(2, Math.Min(attempt - 1, 62)), greatest.Ticks);
        return TimeSpan.FromTicks((long)(full * (1 - (jitter / 2))));
    }
}
