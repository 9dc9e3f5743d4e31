using System.ComponentModel.DataAnnotations;

namespace SessionReplay.AspNetCore;

/// <summary>Settings of ingest.</summary>
public sealed class IngestOptions
{
    /// <summary>Gets or sets the greatest batch as it is sent, in bytes.</summary>
    /// <value>From 64 KiB to 64 MiB. The default value is 16 MiB.</value>
    [Range(65_536, 67_108_864)]
    public int MaxBatchBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>
    /// Gets or sets the greatest batch after decompression, in bytes. A request holds at most this much memory and
    /// <see cref="MaxBatchBytes"/>.
    /// </summary>
    /// <value>From 64 KiB to 256 MiB. The default value is 64 MiB.</value>
    [Range(65_536, 268_435_456)]
    public int MaxDecompressedBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Gets or sets the greatest number of events in a batch.</summary>
    /// <value>From 1 to 100,000. The default value is 2,000.</value>
    [Range(1, 100_000)]
    public int MaxEvents { get; set; } = 2_000;

    /// <summary>Gets or sets the greatest typed string of a batch, in bytes.</summary>
    /// <value>From 1 KiB to 16 MiB. The default value is 1 MiB.</value>
    [Range(1_024, 16_777_216)]
    public int MaxStringBytes { get; set; } = 1024 * 1024;

    /// <summary>Gets or sets the greatest asset (stylesheet, image, font) in bytes, before compression.</summary>
    /// <value>From 64 KiB to 64 MiB. The default value is 8 MiB.</value>
    [Range(65_536, 67_108_864)]
    public int MaxAssetBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>
    /// Gets or sets how many bytes all assets of a tenant may have together, as they are stored; each counts at least 4 KiB. What is more
    /// is refused with 429 until assets that no session names any more are removed. Counted in the catalog, for all processes.
    /// </summary>
    /// <value>From 1 MiB to 1 PiB. The default value is 10 GiB.</value>
    [Range(1L << 20, 1L << 50)]
    public long MaxTenantAssetBytes { get; set; } = 10L << 30;

    /// <summary>
    /// Gets or sets how many bytes of assets one session may send, as they are stored. What is more is refused with 429.
    /// Counted in the catalog, for all processes.
    /// </summary>
    /// <value>From 1 MiB to 1 TiB. The default value is 64 MiB.</value>
    [Range(1L << 20, 1L << 40)]
    public long MaxSessionAssetBytes { get; set; } = 1L << 26;

    /// <summary>
    /// Gets or sets how many bytes of assets one address may send for a tenant in an hour, as they are stored.
    /// Counted in the catalog, for all processes.
    /// </summary>
    /// <value>From 1 MiB to 1 TiB. The default value is 256 MiB.</value>
    [Range(1L << 20, 1L << 40)]
    public long AssetBytesPerHourPerAddress { get; set; } = 1L << 28;

    /// <summary>Gets or sets how many sessions of a tenant may begin in an hour. Counted in the catalog, for all processes.</summary>
    /// <value>From 1 to 1,000,000,000. The default value is 200,000.</value>
    [Range(1L, 1_000_000_000L)]
    public long NewSessionsPerHourPerTenant { get; set; } = 200_000;

    /// <summary>
    /// Gets or sets how many sessions of a tenant may begin in an hour from one address. The address is the connection's; behind a proxy
    /// use forwarded headers. Counted in the catalog, for all processes.
    /// </summary>
    /// <value>From 1 to 1,000,000,000. The default value is 10,000.</value>
    [Range(1L, 1_000_000_000L)]
    public long NewSessionsPerHourPerAddress { get; set; } = 10_000;

    /// <summary>
    /// Gets or sets how many sessions of a tenant visitors may have forgotten in an hour.
    /// Counted in the catalog, for all processes.
    /// </summary>
    /// <value>From 1 to 1,000,000,000. The default value is 2,000.</value>
    [Range(1L, 1_000_000_000L)]
    public long ForgetsPerHourPerTenant { get; set; } = 2_000;

    /// <summary>
    /// Gets or sets how many requests to forget one address may send for a tenant in an hour.
    /// Counted in the catalog, for all processes.
    /// </summary>
    /// <value>From 1 to 1,000,000,000. The default value is 1,000.</value>
    [Range(1L, 1_000_000_000L)]
    public long ForgetsPerHourPerAddress { get; set; } = 1_000;

    /// <summary>
    /// Gets or sets how many bytes the buffers of ingest have together: bodies as they are sent, after decompression and sealed, and
    /// buffers kept for the next request. Requests beyond it are answered with 503. The process needs about 300 MiB and one and a half
    /// times this (docs/operations.md).
    /// </summary>
    /// <value>From 64 MiB to 1 TiB. The default value is 256 MiB. A single request always succeeds, within the limits of one
    /// request.</value>
    [Range(1L << 26, 1L << 40)]
    public long MaxMemoryBytes { get; set; } = 1L << 28;

    /// <summary>Gets or sets how long a request's body may take to arrive. Kestrel's own least data rate works beside it.</summary>
    /// <value>From 1 second to 10 minutes. The default value is 30 seconds.</value>
    [TimeRange("00:00:01", "00:10:00")]
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how long the queue may take to confirm a batch before the page is asked to try again.</summary>
    /// <value>From 1 second to 5 minutes. The default value is 30 seconds.</value>
    [TimeRange("00:00:01", "00:05:00")]
    public TimeSpan PublishTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets after what time a page is asked to try again (<c>Retry-After</c>) when something is unavailable.</summary>
    /// <value>From 1 second to 10 minutes. The default value is 5 seconds.</value>
    [TimeRange("00:00:01", "00:10:00")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Gets or sets how many requests one address may send in a second, on average. The address is the connection's; behind a proxy use
    /// forwarded headers.
    /// </summary>
    /// <value>From 1 to 1,000,000. The default value is 50; bursts may have four times as many.</value>
    [Range(1, 1_000_000)]
    public int RequestsPerSecondPerAddress { get; set; } = 50;

    /// <summary>Gets or sets how many requests may be sent with one write key in a second to this process, on average.</summary>
    /// <value>From 1 to 1,000,000. The default value is 5,000; bursts may have four times as many.</value>
    [Range(1, 1_000_000)]
    public int RequestsPerSecondPerKey { get; set; } = 5_000;

    /// <summary>
    /// Gets or sets how much work one address may cause in a second, on average: bytes after decompression, 256 for each event, and 1,024
    /// for each row of the catalog. The address is the connection's; behind a proxy use forwarded headers.
    /// </summary>
    /// <value>From 64 KiB to 1 TiB. The default value is 4 MiB; 16 times as much may come at once.</value>
    [Range(1L << 16, 1L << 40)]
    public long WorkPerSecondPerAddress { get; set; } = 1L << 22;

    /// <summary>
    /// Gets or sets how much work one write key may cause in a second in this process, on average; as for
    /// <see cref="WorkPerSecondPerAddress"/>.
    /// </summary>
    /// <value>From 64 KiB to 1 TiB. The default value is 256 MiB; 16 times as much may come at once.</value>
    [Range(1L << 16, 1L << 40)]
    public long WorkPerSecondPerKey { get; set; } = 1L << 28;

    /// <summary>
    /// Gets or sets how many bytes of recording one session may send, as they are stored; each batch counts at least 8 KiB. What comes then
    /// is refused with 429 and ends the session. Counted in the catalog, for all processes; each gives a hundredth by itself.
    /// </summary>
    /// <value>From 1 MiB to 1 TiB. The default value is 1 GiB.</value>
    [Range(1L << 20, 1L << 40)]
    public long MaxSessionBytes { get; set; } = 1L << 30;

    /// <summary>
    /// Gets or sets how many bytes of recordings one address may send for a tenant in an hour, as they are stored; each batch counts at
    /// least 8 KiB. The address is the connection's; behind a proxy use forwarded headers. Counted in the catalog, for all processes.
    /// </summary>
    /// <value>From 1 MiB to 1 PiB. The default value is 2 GiB.</value>
    [Range(1L << 20, 1L << 50)]
    public long RecordingBytesPerHourPerAddress { get; set; } = 2L << 30;

    /// <summary>
    /// Gets or sets how many bytes of recordings may be sent for a tenant in a day, as they are stored; each batch counts at least 8 KiB.
    /// Counted in the catalog, for all processes.
    /// </summary>
    /// <value>From 1 MiB to 1 EiB. The default value is 256 GiB: with the default retention at most 7.5 TiB.</value>
    [Range(1L << 20, 1L << 60)]
    public long RecordingBytesPerDayPerTenant { get; set; } = 256L << 30;

    /// <summary>Gets or sets how many markers of the timeline are taken from one batch; the rarer kinds go first.</summary>
    /// <value>From 0 to 2,000. The default value is 200.</value>
    [Range(0, 2_000)]
    public int MaxMarkersPerBatch { get; set; } = 200;

    /// <summary>Gets or sets whether the visitor's address is kept, sealed, with the session.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool RecordAddress { get; set; } = true;
}
