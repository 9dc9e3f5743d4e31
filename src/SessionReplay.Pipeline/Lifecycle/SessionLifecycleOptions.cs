namespace SessionReplay.Pipeline;

/// <summary>Says when a session ends and what becomes of it; section <c>SessionReplay:Sessions</c>.</summary>
public sealed class SessionLifecycleOptions
{
    /// <summary>Gets or sets after what time without a batch a session ends.</summary>
    /// <value>From 1 second to 24 hours. The default value is 30 minutes.</value>
    [TimeRange("00:00:01", "1.00:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Gets or sets how long a session may be.</summary>
    /// <value>From 1 minute to 7 days. The default value is 24 hours.</value>
    [TimeRange("00:01:00", "7.00:00:00")]
    public TimeSpan MaxDuration { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Gets or sets how often the worker looks for sessions that have ended, to compact them, and for sessions past their retention.
    /// </summary>
    /// <value>From 1 second to 1 hour. The default value is 1 minute.</value>
    [TimeRange("00:00:01", "01:00:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(1);
}
