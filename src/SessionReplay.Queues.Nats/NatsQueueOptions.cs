using System.ComponentModel.DataAnnotations;

namespace SessionReplay.Queues.Nats;

/// <summary>Settings of the queue on NATS JetStream.</summary>
public sealed class NatsQueueOptions
{
    /// <summary>
    /// Gets or sets where the servers are. Several of a cluster are separated by commas; with <c>tls</c> in place of <c>nats</c> the
    /// connection is encrypted.
    /// </summary>
    /// <value>
    /// URLs such as <c>tls://user:password@host:4222</c>. The default value is <c>nats://localhost:4222</c>. Not used with
    /// <see cref="ServiceKey"/>.
    /// </value>
    [Required]
    public string ConnectionString { get; set; } = "nats://localhost:4222";

    /// <summary>
    /// Gets or sets the key under which the application has registered an <c>INatsConnection</c> of its own, which is then used and never
    /// closed.
    /// </summary>
    /// <value>
    /// A key of a keyed singleton; an empty text means the unkeyed one. The default value is <see langword="null"/>: a connection is made.
    /// </value>
    public string? ServiceKey { get; set; }

    /// <summary>Gets or sets the file with the user's credentials (JWT and seed).</summary>
    /// <value>A path. The default value is <see langword="null"/>: what is in <see cref="ConnectionString"/>.</value>
    public string? CredentialsFile { get; set; }

    /// <summary>
    /// Gets or sets the file of the authority that has signed the servers' certificates, where the system does not know it. Only this
    /// authority is then trusted.
    /// </summary>
    /// <value>A PEM file with one or more certificates. The default value is <see langword="null"/>: those the system trusts.</value>
    public string? TlsAuthorityFile { get; set; }

    /// <summary>Gets or sets the file of the certificate with which this client shows who it is.</summary>
    /// <value>A PEM file. The default value is <see langword="null"/>: none.</value>
    public string? TlsCertificateFile { get; set; }

    /// <summary>Gets or sets the file of the key of <see cref="TlsCertificateFile"/>.</summary>
    /// <value>A PEM file. The default value is <see langword="null"/>: none.</value>
    public string? TlsKeyFile { get; set; }

    /// <summary>Gets or sets the password of <see cref="TlsKeyFile"/>.</summary>
    /// <value>The default value is <see langword="null"/>: the key is not encrypted.</value>
    public string? TlsKeyPassword { get; set; }

    /// <summary>
    /// Gets or sets the name of the queue, which is a stream of NATS, and, with <c>.messages</c> behind it, of its subject. The dead
    /// letters' stream is <c>{QueueName}-dead</c>.
    /// </summary>
    /// <value>1 to 100 letters, digits, hyphens or underscores. The default value is <c>session-replay</c>.</value>
    [Required]
    [RegularExpression("^[A-Za-z0-9_-]{1,100}$")]
    public string QueueName { get; set; } = "session-replay";

    /// <summary>Gets or sets on how many servers of a cluster each message is stored.</summary>
    /// <value>This value must be from 1 to 5. The default value is 1; a cluster should have 3.</value>
    [Range(1, 5)]
    public int Replicas { get; set; } = 1;

    /// <summary>
    /// Gets or sets how many bytes the queue may hold, dead letters not included. A full queue refuses what is new and drops nothing.
    /// </summary>
    /// <value>This value must be from 1 MiB to 1 PiB. The default value is <see langword="null"/>: as much as the server gives.</value>
    [Range(1L << 20, 1L << 50)]
    public long? MaxQueueBytes { get; set; }

    /// <summary>Gets or sets how many dead letters are kept. Beyond it the server removes the oldest.</summary>
    /// <value>This value must be from 1 to 1,000,000. The default value is 10,000.</value>
    [Range(1, 1_000_000)]
    public int MaxDeadLetters { get; set; } = 10_000;

    /// <summary>Gets or sets how many bytes the dead letters may have together. Beyond it the server removes the oldest.</summary>
    /// <value>This value must be from 1 MiB to 1 TiB. The default value is 256 MiB.</value>
    [Range(1L << 20, 1L << 40)]
    public long MaxDeadLetterBytes { get; set; } = 256L << 20;

    /// <summary>Gets or sets for how long the server recognizes a message of an equal id and stores it only once.</summary>
    /// <value>This value must be from 100 milliseconds to 1 hour. The default value is 2 minutes.</value>
    [TimeRange("00:00:00.100", "01:00:00")]
    public TimeSpan DuplicateWindow { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Gets or sets how many deliveries all processes together hold unsettled at most, delayed retries included.</summary>
    /// <value>This value must be from 1 to 1,000,000. The default value is 20,000.</value>
    [Range(1, 1_000_000)]
    public int MaxUnsettledTotal { get; set; } = 20_000;

    /// <summary>Gets or sets how long a call waits for the server's confirmation.</summary>
    /// <value>This value must be from 100 milliseconds to 5 minutes. The default value is 10 seconds.</value>
    [TimeRange("00:00:00.100", "00:05:00")]
    public TimeSpan ConfirmTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gets or sets for how long a delivery is hidden from others. It is renewed at a third of this time while the delivery is unsettled.
    /// </summary>
    /// <value>This value must be from 1 second to 1 hour. The default value is 30 seconds.</value>
    [TimeRange("00:00:01", "01:00:00")]
    public TimeSpan LeaseTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets at which delivery a message that is given back for a retry becomes a dead letter.</summary>
    /// <value>This value must be from 1 to 1,000. The default value is 10.</value>
    [Range(1, 1000)]
    public int MaxAttempts { get; set; } = 10;

    /// <summary>
    /// Gets or sets after how many deliveries a message that nobody settles becomes a dead letter: its consumers may be ending because of
    /// it.
    /// </summary>
    /// <value>
    /// This value must be from 1 to 100,000. The default value is 100: also a delivery that never reached the worker counts, so it is far
    /// above <see cref="MaxAttempts"/>.
    /// </value>
    [Range(1, 100_000)]
    public int DeliveryLimit { get; set; } = 100;

    /// <summary>Gets or sets the delay before the second delivery of a message that was given back; it doubles from there.</summary>
    /// <value>This value must be from 1 millisecond to 1 hour. The default value is 1 second.</value>
    [TimeRange("00:00:00.001", "01:00:00")]
    public TimeSpan FirstRetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets the maximum delay between two deliveries.</summary>
    /// <value>This value must be from 1 millisecond to 1 day. The default value is 5 minutes.</value>
    [TimeRange("00:00:00.001", "1.00:00:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(5);
}
