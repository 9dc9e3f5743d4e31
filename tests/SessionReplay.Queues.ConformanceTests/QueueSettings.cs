namespace SessionReplay.Queues.ConformanceTests;

/// <summary>What the suites ask an adapter's options to be: short times, so that the tests need not wait long.</summary>
public sealed record QueueSettings
{
    public int MaxAttempts { get; init; } = 4;

    /// <summary>The delay after the first retry; it doubles from there.</summary>
    public TimeSpan FirstRetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a delivery is hidden before it is renewed or delivered again.</summary>
    public TimeSpan LeaseTime { get; init; } = TimeSpan.FromSeconds(2);
}
