using System.ComponentModel.DataAnnotations;

namespace SessionReplay.Queues;

/// <summary>Settings of the embedded queue.</summary>
public sealed class SqliteQueueOptions
{
    /// <summary>
    /// Gets or sets the file of the queue. Its folder is created; files with the endings <c>-wal</c>, <c>-shm</c> and <c>-owner-…</c>
    /// appear beside it.
    /// </summary>
    /// <value>
    /// A path on a local disk (not a network share); a relative one begins at the content root of the application, not in the data
    /// directory. The default value is <c>queue.db</c> in the data directory.
    /// </value>
    [Required]
    public string Path { get; set; } = "session-replay/queue.db";

    /// <summary>
    /// Gets or sets for how long a delivery is hidden from others. It is renewed at a third of this time while the delivery is unsettled.
    /// </summary>
    /// <value>This value must be from 1 second to 1 hour. The default value is 30 seconds.</value>
    [TimeRange("00:00:01", "01:00:00")]
    public TimeSpan LeaseTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how often a message is delivered before it becomes a dead letter.</summary>
    /// <value>This value must be from 1 to 1,000. The default value is 10.</value>
    [Range(1, 1000)]
    public int MaxAttempts { get; set; } = 10;

    /// <summary>Gets or sets the delay before the second delivery of a message that was given back; it doubles from there.</summary>
    /// <value>This value must be from 1 millisecond to 1 hour. The default value is 1 second.</value>
    [TimeRange("00:00:00.001", "01:00:00")]
    public TimeSpan FirstRetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets the maximum delay between two deliveries.</summary>
    /// <value>This value must be from 1 millisecond to 1 day. The default value is 5 minutes.</value>
    [TimeRange("00:00:00.001", "1.00:00:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Gets or sets how many bytes the queue may hold, dead letters not included. A full queue takes nothing more until it is worked off.
    /// </summary>
    /// <value>This value must be from 1 MiB to 1 TiB. The default value is 1 GiB.</value>
    [Range(1L << 20, 1L << 40)]
    public long MaxQueueBytes { get; set; } = 1L << 30;

    /// <summary>
    /// Gets or sets how many bytes of the disk stay free: below it the queue takes nothing more, so that recordings can still be stored and
    /// deletions can make room.
    /// </summary>
    /// <value>
    /// From 0 to 1 TiB, and more than <c>Storage:Local:MinFreeBytes</c> where the blob folder is on the same disk. The default value is 512
    /// MiB.
    /// </value>
    [Range(0L, 1L << 40)]
    public long MinFreeBytes { get; set; } = 512L << 20;

    /// <summary>Gets or sets how many dead letters are kept. Beyond it those without a body go first, then the oldest.</summary>
    /// <value>This value must be from 1 to 1,000,000. The default value is 10,000.</value>
    [Range(1, 1_000_000)]
    public int MaxDeadLetters { get; set; } = 10_000;

    /// <summary>
    /// Gets or sets how many bytes the bodies of dead letters may have together, beside <see cref="MaxQueueBytes"/>. Beyond it the oldest
    /// are removed.
    /// </summary>
    /// <value>This value must be from 1 MiB to 1 TiB. The default value is 256 MiB.</value>
    [Range(1L << 20, 1L << 40)]
    public long MaxDeadLetterBytes { get; set; } = 256L << 20;

    /// <summary>
    /// Gets or sets how often an idle receiver looks for messages that another process published; within a process it learns at once.
    /// </summary>
    /// <value>This value must be from 10 milliseconds to 1 minute. The default value is 250 milliseconds.</value>
    [TimeRange("00:00:00.010", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Gets or sets how long an operation waits while another process holds the file's write lock, before the queue counts as unavailable.
    /// </summary>
    /// <value>This value must be from 10 milliseconds to 1 minute. The default value is 5 seconds.</value>
    [TimeRange("00:00:00.010", "00:01:00")]
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
