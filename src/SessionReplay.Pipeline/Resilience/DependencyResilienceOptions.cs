using System.ComponentModel.DataAnnotations;

namespace SessionReplay.Pipeline;

/// <summary>How calls to one dependency are bounded, repeated and, when they keep failing, withheld.</summary>
public sealed class DependencyResilienceOptions
{
    /// <summary>
    /// Gets or sets how long one call may take. A transfer has another second for each MiB, a reading that has begun has this time for each
    /// of its steps; an operator's own commands have at least 10 minutes.
    /// </summary>
    /// <value>From 100 milliseconds to 10 minutes. The default value is 10 seconds; 20 for the queue, 30 for the catalog.</value>
    [TimeRange("00:00:00.100", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gets or sets how often a call that failed is made again. Only calls that may be repeated are, and none that ran into
    /// <see cref="Timeout"/>.
    /// </summary>
    /// <value>From 0 to 10. The default value is 2.</value>
    [Range(0, 10)]
    public int MaxRetries { get; set; } = 2;

    /// <summary>Gets or sets the mean delay before the first repetition; it doubles from there, with jitter.</summary>
    /// <value>From 1 millisecond to 1 minute. The default value is 100 milliseconds.</value>
    [TimeRange("00:00:00.001", "00:01:00")]
    public TimeSpan FirstDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Gets or sets the greatest delay before a repetition.</summary>
    /// <value>From 1 millisecond to 5 minutes. The default value is 2 seconds.</value>
    [TimeRange("00:00:00.001", "00:05:00")]
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Gets or sets the share of failed calls, time-outs and repetitions included, from which on the circuit breaker opens.
    /// </summary>
    /// <value>From 0.01 to 1. The default value is 0.5.</value>
    [Range(0.01, 1)]
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>
    /// Gets or sets how many calls there must have been within <see cref="SamplingDuration"/> before the circuit breaker opens.
    /// </summary>
    /// <value>From 2 to 100,000. The default value is 10.</value>
    [Range(2, 100_000)]
    public int MinimumThroughput { get; set; } = 10;

    /// <summary>Gets or sets over what time failures are counted.</summary>
    /// <value>From 500 milliseconds to 1 hour. The default value is 30 seconds.</value>
    [TimeRange("00:00:00.500", "01:00:00")]
    public TimeSpan SamplingDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Gets or sets how long an open circuit breaker withholds calls before it lets one through to see whether the dependency is back.
    /// </summary>
    /// <value>From 500 milliseconds to 1 hour. The default value is 5 seconds.</value>
    [TimeRange("00:00:00.500", "01:00:00")]
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets how many calls this process makes at the same time. Waiting for messages does not count.</summary>
    /// <value>From 2 to 100,000. The default value is 64; 512 for the queue, 128 for the blob store, 32 for the audit log.</value>
    [Range(2, 100_000)]
    public int MaxConcurrency { get; set; } = 64;

    /// <summary>Gets or sets how many calls wait while <see cref="MaxConcurrency"/> are under way; what comes then is refused.</summary>
    /// <value>From 0 to 1,000,000. The default value is 1,024; 4,096 for the queue.</value>
    [Range(0, 1_000_000)]
    public int MaxQueued { get; set; } = 1024;
}
