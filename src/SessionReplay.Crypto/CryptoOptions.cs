using System.ComponentModel.DataAnnotations;

namespace SessionReplay.Crypto;

/// <summary>Options of sealing and opening; section <c>SessionReplay:Crypto</c>.</summary>
public sealed class CryptoOptions
{
    /// <summary>Gets or sets how many unwrapped keys are kept in memory; the oldest leave first.</summary>
    /// <value>From 16 to 1,000,000. The default value is 10,000 (about 1 KiB each).</value>
    [Range(16, 1_000_000)]
    public int MaxCachedKeys { get; set; } = 10_000;

    /// <summary>
    /// Gets or sets after what time a session's key that is in memory is used again only when the key store still has it. Within this time
    /// a deletion made by another process is noticed here; while the key store cannot be reached, within <see cref="KeyCacheTime"/>. The
    /// sessions in use share one query.
    /// </summary>
    /// <value>From 100 milliseconds to 1 minute. The default value is 3 seconds.</value>
    [TimeRange("00:00:00.1", "00:01:00")]
    public TimeSpan KeyCheckTime { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Gets or sets how long an unwrapped key is kept in memory.</summary>
    /// <value>From 1 second to 1 hour. The default value is 5 minutes.</value>
    [TimeRange("00:00:01", "01:00:00")]
    public TimeSpan KeyCacheTime { get; set; } = TimeSpan.FromMinutes(5);
}
