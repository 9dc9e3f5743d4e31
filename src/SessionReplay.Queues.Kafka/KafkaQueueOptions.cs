using System.ComponentModel.DataAnnotations;
using Confluent.Kafka;

namespace SessionReplay.Queues.Kafka;

/// <summary>Settings of the queue on Kafka.</summary>
public sealed class KafkaQueueOptions
{
    /// <summary>Gets or sets where the brokers are.</summary>
    /// <value>
    /// One <c>host:port</c> or several separated by commas. The default value is <c>localhost:9092</c>. Not used with
    /// <see cref="ServiceKey"/>.
    /// </value>
    [Required]
    public string BootstrapServers { get; set; } = "localhost:9092";

    /// <summary>
    /// Gets or sets the key under which the application has registered a <c>ClientConfig</c> of its own, which is then copied for every
    /// producer and consumer: it says where the brokers are and how to sign in, in place of <see cref="BootstrapServers"/> and the settings
    /// of SASL and TLS here.
    /// </summary>
    /// <value>
    /// A key of a keyed singleton; an empty text means the unkeyed one. The default value is <see langword="null"/>: a configuration is
    /// made.
    /// </value>
    public string? ServiceKey { get; set; }

    /// <summary>
    /// Gets or sets the name of the queue, which is a topic of Kafka. The topic of the delayed messages is <c>{QueueName}.retry</c>, that
    /// of the dead letters <c>{QueueName}.dead</c>.
    /// </summary>
    /// <value>1 to 200 letters, digits, dots, hyphens or underscores. The default value is <c>session-replay</c>.</value>
    [Required]
    [RegularExpression("^[A-Za-z0-9._-]{1,200}$")]
    public string QueueName { get; set; } = "session-replay";

    /// <summary>Gets or sets the consumer group of the workers. <c>{Group}.dead</c> remembers which dead letters were put back.</summary>
    /// <value>1 to 200 letters, digits, dots, hyphens or underscores. The default value is <c>session-replay-workers</c>.</value>
    [Required]
    [RegularExpression("^[A-Za-z0-9._-]{1,200}$")]
    public string Group { get; set; } = "session-replay-workers";

    /// <summary>Gets or sets how the connections are protected.</summary>
    /// <value>One of <c>Plaintext</c>, <c>Ssl</c>, <c>SaslPlaintext</c>, <c>SaslSsl</c>. The default value is <c>Plaintext</c>.</value>
    [EnumDataType(typeof(SecurityProtocol))]
    public SecurityProtocol SecurityProtocol { get; set; } = SecurityProtocol.Plaintext;

    /// <summary>Gets or sets how this client shows who it is, where <see cref="SecurityProtocol"/> has SASL.</summary>
    /// <value>
    /// <c>ScramSha512</c>, <c>ScramSha256</c> or <c>Plain</c>, which belongs on encrypted connections only. The default value is
    /// <see langword="null"/>: none.
    /// </value>
    public SaslMechanism? SaslMechanism { get; set; }

    /// <summary>Gets or sets the user's name for SASL.</summary>
    /// <value>A name. The default value is <see langword="null"/>: none.</value>
    public string? SaslUsername { get; set; }

    /// <summary>Gets or sets the user's password for SASL.</summary>
    /// <value>A secret; keep it out of files in the repository. The default value is <see langword="null"/>: none.</value>
    public string? SaslPassword { get; set; }

    /// <summary>
    /// Gets or sets the file of the authority that has signed the brokers' certificates, where the system does not know it. Only this
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

    /// <summary>Gets or sets whether topics that are not there are created.</summary>
    /// <value>
    /// The default value is <see langword="true"/>. With <see langword="false"/> an operator creates the three topics; that of the dead
    /// letters has one partition.
    /// </value>
    public bool CreateIfMissing { get; set; } = true;

    /// <summary>Gets or sets how many partitions a created topic has: the maximum number of workers that share the queue.</summary>
    /// <value>This value must be from 1 to 1,000. The default value is 12. The dead letters' topic always has one.</value>
    [Range(1, 1000)]
    public int Partitions { get; set; } = 12;

    /// <summary>
    /// Gets or sets on how many brokers of a cluster each message of a created topic is stored (Kafka's replication factor).
    /// </summary>
    /// <value>
    /// This value must be from 1 to 10. The default value is <see langword="null"/>: what the brokers are configured to; a cluster should
    /// have 3.
    /// </value>
    [Range(1, 10)]
    public int? Replicas { get; set; }

    /// <summary>Gets or sets how many brokers must have stored a message of a created topic before it is confirmed.</summary>
    /// <value>
    /// This value must be from 1 to 10. The default value is <see langword="null"/>: what the brokers are configured to; a cluster should
    /// have 2.
    /// </value>
    [Range(1, 10)]
    public int? MinInSyncReplicas { get; set; }

    /// <summary>
    /// Gets or sets for how long a created topic keeps messages, handled or not: Kafka removes them by age alone. Dead letters too.
    /// </summary>
    /// <value>
    /// This value must be from 1 hour to 3,650 days. The default value is 14 days; it must be longer than the longest outage of the
    /// workers.
    /// </value>
    [TimeRange("01:00:00", "3650.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(14);

    /// <summary>
    /// Gets or sets how many bytes the dead letters' topic, when it is created, may hold. Beyond it the brokers remove the oldest, in
    /// segments.
    /// </summary>
    /// <value>This value must be from 1 MiB to 1 TiB. The default value is 256 MiB.</value>
    [Range(1L << 20, 1L << 40)]
    public long MaxDeadLetterBytes { get; set; } = 256L << 20;

    /// <summary>
    /// Gets or sets the maximum size of a message (Kafka's record) in bytes, headers included; not above the brokers'
    /// <c>message.max.bytes</c>. What is larger travels as a claim check.
    /// </summary>
    /// <value>This value must be from 128 KiB to 64 MiB. The default value is 1,000,000.</value>
    [Range(128 * 1024, 64 * 1024 * 1024)]
    public int MaxMessageBytes { get; set; } = 1_000_000;

    /// <summary>
    /// Gets or sets how many deliveries a process holds unsettled at most, what it has fetched in advance and what waits for a retry
    /// included. At the limit its partitions pause.
    /// </summary>
    /// <value>
    /// This value must be from 2 to 1,000,000. The default value is 1,000: memory is bounded by <see cref="MaxBufferedBytes"/>.
    /// </value>
    [Range(2, 1_000_000)]
    public int MaxUnsettled { get; set; } = 1000;

    /// <summary>
    /// Gets or sets how many bytes the messages of <see cref="MaxUnsettled"/> may have together before the partitions pause.
    /// </summary>
    /// <value>This value must be from 1 MiB to 2 GiB. The default value is 64 MiB.</value>
    [Range(1L << 20, 1L << 31)]
    public long MaxBufferedBytes { get; set; } = 64L << 20;

    /// <summary>Gets or sets how long a call waits for the brokers' confirmation.</summary>
    /// <value>This value must be from 1 second to 5 minutes. The default value is 10 seconds.</value>
    [TimeRange("00:00:01", "00:05:00")]
    public TimeSpan ConfirmTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets after how long without a heartbeat the brokers give a process's partitions to others.</summary>
    /// <value>
    /// This value must be from 1 second to 30 minutes; brokers usually take 6 seconds or more. The default value is 45 seconds.
    /// </value>
    [TimeRange("00:00:01", "00:30:00")]
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>
    /// Gets or sets how long a partition that is to go to another consumer waits for its deliveries to be settled. What is not settled then
    /// is delivered twice.
    /// </summary>
    /// <value>This value must be from 1 second to 4 minutes. The default value is 30 seconds.</value>
    [TimeRange("00:00:01", "00:04:00")]
    public TimeSpan RebalanceTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how often offsets are committed at most. What was settled since is delivered again after a crash.</summary>
    /// <value>This value must be from 10 milliseconds to 1 minute. The default value is 200 milliseconds.</value>
    [TimeRange("00:00:00.010", "00:01:00")]
    public TimeSpan CommitInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Gets or sets at which delivery a message that is given back for a retry becomes a dead letter.</summary>
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
}
