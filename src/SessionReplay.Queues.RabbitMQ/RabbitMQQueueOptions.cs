using System.ComponentModel.DataAnnotations;

namespace SessionReplay.Queues.RabbitMQ;

/// <summary>Settings of the queue on RabbitMQ.</summary>
public sealed class RabbitMQQueueOptions
{
    /// <summary>
    /// Gets or sets where the broker is. Several nodes of a cluster are separated by commas; with <c>amqps</c> the connection is encrypted.
    /// </summary>
    /// <value>
    /// URIs such as <c>amqps://user:password@host:5671/virtual-host</c>. The default value is <c>amqp://localhost</c>. Not used with
    /// <see cref="ServiceKey"/>.
    /// </value>
    [Required]
    [RabbitMQConnectionString]
    public string ConnectionString { get; set; } = "amqp://localhost";

    /// <summary>
    /// Gets or sets the key under which the application has registered an <c>IConnection</c> of its own, which is then used and never
    /// closed.
    /// </summary>
    /// <value>
    /// A key of a keyed singleton; an empty text means the unkeyed one. The default value is <see langword="null"/>: a connection is made.
    /// </value>
    public string? ServiceKey { get; set; }

    /// <summary>Gets or sets the name of the queue. Those for retries and dead letters are named after it.</summary>
    /// <value>1 to 100 letters, digits, dots, hyphens or underscores. The default value is <c>session-replay</c>.</value>
    [Required]
    [RegularExpression("^[A-Za-z0-9._-]{1,100}$")]
    public string QueueName { get; set; } = "session-replay";

    /// <summary>
    /// Gets or sets the name in the broker's certificate, where it differs from the host in <see cref="ConnectionString"/>.
    /// </summary>
    /// <value>A host name. The default value is <see langword="null"/>.</value>
    public string? TlsServerName { get; set; }

    /// <summary>
    /// Gets or sets the file of the authority that has signed the broker's certificate, where the system does not know it. Only this
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

    /// <summary>Gets or sets how many deliveries a process holds unsettled at most.</summary>
    /// <value>This value must be from 1 to 5,000. The default value is 100.</value>
    [Range(1, 5000)]
    public int MaxUnsettled { get; set; } = 100;

    /// <summary>Gets or sets how many publishes wait for their confirmation at most; more wait in the process.</summary>
    /// <value>This value must be from 1 to 10,000. The default value is 512.</value>
    [Range(1, 10_000)]
    public int MaxUnconfirmedPublishes { get; set; } = 512;

    /// <summary>Gets or sets how long a call waits for the broker's confirmation.</summary>
    /// <value>This value must be from 100 milliseconds to 5 minutes. The default value is 10 seconds.</value>
    [TimeRange("00:00:00.100", "00:05:00")]
    public TimeSpan ConfirmTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gets or sets at which delivery a message that is given back for a retry becomes a dead letter. Deliveries that were never given back
    /// do not count.
    /// </summary>
    /// <value>This value must be from 1 to 1,000. The default value is 10.</value>
    [Range(1, 1000)]
    public int MaxAttempts { get; set; } = 10;

    /// <summary>
    /// Gets or sets how often the broker takes a message back from consumers that ended without settling it, before it becomes a dead
    /// letter.
    /// </summary>
    /// <value>
    /// This value must be from 1 to 100,000. The default value is 100: also a delivery that never reached the worker counts, so it is far
    /// above <see cref="MaxAttempts"/>. It belongs to the queue's declaration: changing it for an existing queue needs a new
    /// <see cref="QueueName"/>.
    /// </value>
    [Range(1, 100_000)]
    public int DeliveryLimit { get; set; } = 100;

    /// <summary>Gets or sets how many dead letters are kept. Beyond it the broker removes the oldest.</summary>
    /// <value>
    /// This value must be from 1 to 1,000,000. The default value is 10,000. It belongs to the declaration of the dead letters' queue.
    /// </value>
    [Range(1, 1_000_000)]
    public int MaxDeadLetters { get; set; } = 10_000;

    /// <summary>Gets or sets how many bytes the dead letters may have together. Beyond it the broker removes the oldest.</summary>
    /// <value>
    /// This value must be from 1 MiB to 1 TiB. The default value is 256 MiB. It belongs to the declaration of the dead letters' queue.
    /// </value>
    [Range(1L << 20, 1L << 40)]
    public long MaxDeadLetterBytes { get; set; } = 256L << 20;

    /// <summary>Gets or sets the delay before the second delivery of a message that was given back; it doubles from there.</summary>
    /// <value>This value must be from 1 millisecond to 1 hour. The default value is 1 second.</value>
    [TimeRange("00:00:00.001", "01:00:00")]
    public TimeSpan FirstRetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets the maximum delay between two deliveries.</summary>
    /// <value>This value must be from 1 millisecond to 1 day. The default value is 5 minutes.</value>
    [TimeRange("00:00:00.001", "1.00:00:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(5);
}
