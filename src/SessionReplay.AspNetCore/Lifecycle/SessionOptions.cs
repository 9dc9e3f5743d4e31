using System.ComponentModel.DataAnnotations;

namespace SessionReplay.AspNetCore;

/// <summary>Says when a session ends.</summary>
public sealed class SessionOptions
{
    /// <summary>Gets or sets after what time without a batch a session ends.</summary>
    /// <value>From 1 minute to 24 hours. The default value is 30 minutes.</value>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Gets or sets how long a session may be.</summary>
    /// <value>From 1 minute to 7 days. The default value is 24 hours.</value>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan MaxDuration { get; set; } = TimeSpan.FromHours(24);
}
