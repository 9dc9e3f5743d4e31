using System.ComponentModel.DataAnnotations;

namespace SessionReplay.Queues.Sqs;

/// <summary>Settings of the queue on Amazon SQS.</summary>
public sealed class SqsQueueOptions
{
    /// <summary>Gets or sets the name of the queue. The dead letters' queue is <c>{QueueName}-dead</c>.</summary>
    /// <value>
    /// 1 to 75 letters, digits, hyphens or underscores. The default value is <c>session-replay</c>. Not used with <see cref="QueueUrl"/>.
    /// </value>
    [Required]
    [RegularExpression("^[A-Za-z0-9_-]{1,75}$")]
    public string QueueName { get; set; } = "session-replay";

    /// <summary>
    /// Gets or sets where the queue is, in place of <see cref="QueueName"/>: it is then not looked for and never created.
    /// </summary>
    /// <value>
    /// The URL of a standard queue; FIFO queues are not used. The default value is <see langword="null"/>. It goes together with
    /// <see cref="DeadLetterQueueUrl"/>.
    /// </value>
    [RegularExpression(@"^https?://\S+(?<!\.fifo)$")]
    public string? QueueUrl { get; set; }

    /// <summary>Gets or sets where the dead letters' queue is.</summary>
    /// <value>
    /// The URL of a standard queue. The default value is <see langword="null"/>. It goes together with <see cref="QueueUrl"/>.
    /// </value>
    [RegularExpression(@"^https?://\S+(?<!\.fifo)$")]
    public string? DeadLetterQueueUrl { get; set; }

    /// <summary>Gets or sets whether queues that are not there are created.</summary>
    /// <value>The default value is <see langword="true"/>. With <see langword="false"/> an operator creates both.</value>
    public bool CreateIfMissing { get; set; } = true;

    /// <summary>Gets or sets the region.</summary>
    /// <value>
    /// For instance <c>eu-central-1</c>. The default value is <see langword="null"/>: the SDK's own sources (environment, profile,
    /// instance) decide.
    /// </value>
    public string? Region { get; set; }

    /// <summary>Gets or sets the endpoint of a compatible service, or of a VPC.</summary>
    /// <value>An absolute http or https URL. The default value is <see langword="null"/>: Amazon's of the region.</value>
    [Url]
    public string? ServiceUrl { get; set; }

    /// <summary>Gets or sets the access key.</summary>
    /// <value>The default value is <see langword="null"/>: the SDK's own sources decide.</value>
    public string? AccessKey { get; set; }

    /// <summary>Gets or sets the secret of the access key.</summary>
    /// <value>The default value is <see langword="null"/>.</value>
    public string? SecretKey { get; set; }

    /// <summary>
    /// Gets or sets the key under which the application has registered an <c>IAmazonSQS</c> of its own, which is then used and never
    /// disposed.
    /// </summary>
    /// <value>
    /// A key of a keyed singleton; an empty text means the unkeyed one. The default value is <see langword="null"/>: a client is made.
    /// </value>
    public string? ServiceKey { get; set; }

    /// <summary>Gets or sets the service's encryption at rest of queues that are created, in addition to SessionReplay's.</summary>
    /// <value>
    /// Empty, <c>SQS</c> (keys of the service) or <c>KMS</c>. The default value is empty: the service's own default, which at Amazon is
    /// <c>SQS</c>.
    /// </value>
    [RegularExpression("|SQS|KMS")]
    public string ServerSideEncryption { get; set; } = string.Empty;

    /// <summary>Gets or sets the key of the service's key management for <c>KMS</c>.</summary>
    /// <value>An id, an ARN or an alias. The default value is <see langword="null"/>: <c>alias/aws/sqs</c>.</value>
    public string? KmsKeyId { get; set; }

    /// <summary>
    /// Gets or sets for how long queues that are created keep a message: what is older is removed by the service, waiting or dead.
    /// </summary>
    /// <value>This value must be from 1 minute to 14 days. The default value is 14 days.</value>
    [TimeRange("00:01:00", "14.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(14);

    /// <summary>Gets or sets the maximum size of a message in bytes, attributes included, and of a batch of messages.</summary>
    /// <value>
    /// This value must be from 128 KiB to 1 MiB. The default value is 256 KiB, which every service takes; Amazon takes 1 MiB since 2025.
    /// An existing queue that takes less is respected.
    /// </value>
    [Range(128 * 1024, 1024 * 1024)]
    public int MaxMessageBytes { get; set; } = 256 * 1024;

    /// <summary>
    /// Gets or sets how many requests that send, delete or change messages run at a time, of each kind; what comes in between is gathered
    /// into batches.
    /// </summary>
    /// <value>This value must be from 1 to 256. The default value is 8.</value>
    [Range(1, 256)]
    public int MaxConcurrentRequests { get; set; } = 8;

    /// <summary>Gets or sets how many publishes wait for their confirmation at most; more wait in the process.</summary>
    /// <value>This value must be from 1 to 10,000. The default value is 512.</value>
    [Range(1, 10_000)]
    public int MaxUnconfirmedPublishes { get; set; } = 512;

    /// <summary>
    /// Gets or sets how many requests, of ten messages each, fetch at a time for one receive when more messages are waiting.
    /// </summary>
    /// <value>This value must be from 1 to 64. The default value is 4.</value>
    [Range(1, 64)]
    public int MaxConcurrentReceives { get; set; } = 4;

    /// <summary>Gets or sets how long a request waits at the service for a first message (long polling).</summary>
    /// <value>This value must be from 1 to 20 seconds. The default value is 20 seconds.</value>
    [TimeRange("00:00:01", "00:00:20")]
    public TimeSpan WaitTime { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Gets or sets how long a call waits for the service's confirmation.</summary>
    /// <value>This value must be from 100 milliseconds to 5 minutes. The default value is 10 seconds.</value>
    [TimeRange("00:00:00.100", "00:05:00")]
    public TimeSpan ConfirmTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gets or sets for how long a delivery is hidden from others (SQS's visibility timeout). It is renewed at a third of this time while
    /// the delivery is unsettled.
    /// </summary>
    /// <value>This value must be from 1 second to 1 hour. The default value is 30 seconds.</value>
    [TimeRange("00:00:01", "01:00:00")]
    public TimeSpan LeaseTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets at which delivery a message that is given back for a retry becomes a dead letter.</summary>
    /// <value>This value must be from 1 to 1,000. The default value is 10.</value>
    [Range(1, 1000)]
    public int MaxAttempts { get; set; } = 10;

    /// <summary>
    /// Gets or sets after how many deliveries the service itself moves a message that nobody settles to the dead letters: the redrive
    /// policy of a queue that is created.
    /// </summary>
    /// <value>
    /// This value must be from <see cref="MaxAttempts"/> to 1,000. The default value is 1,000, the service's maximum: also a delivery that
    /// was given back because a store was away counts.
    /// </value>
    [Range(1, 1000)]
    public int DeliveryLimit { get; set; } = 1000;

    /// <summary>
    /// Gets or sets the delay before the second delivery of a message that was given back; it doubles from there. The service counts whole
    /// seconds: delays are rounded up.
    /// </summary>
    /// <value>This value must be from 1 second to 1 hour. The default value is 1 second.</value>
    [TimeRange("00:00:01", "01:00:00")]
    public TimeSpan FirstRetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets the maximum delay between two deliveries.</summary>
    /// <value>This value must be from 1 second to 6 hours. The default value is 5 minutes.</value>
    [TimeRange("00:00:01", "06:00:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(5);
}
