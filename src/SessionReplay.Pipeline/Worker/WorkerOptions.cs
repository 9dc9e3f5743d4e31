using System.ComponentModel.DataAnnotations;

namespace SessionReplay.Pipeline;

/// <summary>Settings of the storage worker; section <c>SessionReplay:Worker</c>.</summary>
public sealed class WorkerOptions
{
    /// <summary>Gets or sets how many groups of messages are worked on at the same time.</summary>
    /// <value>From 1 to 64. The default value is 4.</value>
    [Range(1, 64)]
    public int Concurrency { get; set; } = 4;

    /// <summary>Gets or sets the greatest number of messages in a group, which is one transaction in the catalog.</summary>
    /// <value>From 1 to 1,000. The default value is 64.</value>
    [Range(1, 1000)]
    public int BatchSize { get; set; } = 64;

    /// <summary>
    /// Gets or sets how long a stopping process goes on with the groups it has begun; what is not done by then goes back to the queue.
    /// </summary>
    /// <value>From 0 to 5 minutes. The default value is 20 seconds. The host's own shutdown time-out must be longer.</value>
    [TimeRange("00:00:00", "00:05:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Gets or sets after what time a dead letter is removed.</summary>
    /// <value>From 1 hour to 3,650 days. The default value is 14 days. Amazon SQS keeps none for longer, and Kafka none for longer than
    /// <c>Queue:Kafka:Retention</c>.</value>
    [TimeRange("01:00:00", "3650.00:00:00")]
    public TimeSpan DeadLetterRetention { get; set; } = TimeSpan.FromDays(14);

    /// <summary>
    /// Gets or sets after what time a row of the audit log is removed. The chain of those that stay can still be checked.
    /// </summary>
    /// <value>From 30 to 36,500 days. The default value is 400 days.</value>
    [TimeRange("30.00:00:00", "36500.00:00:00")]
    public TimeSpan AuditRetention { get; set; } = TimeSpan.FromDays(400);

    /// <summary>
    /// Gets or sets how often the queue and the catalog are asked how full they are, for the metrics <c>sessionreplay.queue.*</c> and
    /// <c>sessionreplay.catalog.*</c>.
    /// </summary>
    /// <value>From 1 second to 10 minutes. The default value is 15 seconds.</value>
    [TimeRange("00:00:01", "00:10:00")]
    public TimeSpan StatusInterval { get; set; } = TimeSpan.FromSeconds(15);
}
