using System.ComponentModel.DataAnnotations;
using Azure.Messaging.ServiceBus;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>Settings of the queue on Azure Service Bus.</summary>
public sealed class AzureServiceBusQueueOptions
{
    /// <summary>Gets or sets the connection string of the namespace or of the queue, as the portal shows it.</summary>
    /// <value>
    /// <c>Endpoint=sb://NAME.servicebus.windows.net/;SharedAccessKeyName=…;SharedAccessKey=…</c>, with <c>EntityPath=…</c> where the
    /// key belongs to one queue. With <c>UseDevelopmentEmulator=true</c> the connection is not encrypted. The default value is
    /// <see langword="null"/>. Set one of this, <see cref="FullyQualifiedNamespace"/> and <see cref="ServiceKey"/>.
    /// </value>
    public string? ConnectionString { get; set; }

    /// <summary>
    /// Gets or sets the namespace to sign in to with Microsoft Entra ID, by the <c>TokenCredential</c> that the application has registered.
    /// </summary>
    /// <value>For instance <c>NAME.servicebus.windows.net</c>. The default value is <see langword="null"/>.</value>
    public string? FullyQualifiedNamespace { get; set; }

    /// <summary>
    /// Gets or sets the key under which the application has registered a <c>ServiceBusClient</c> of its own, which is then used and never
    /// disposed. A <c>ServiceBusAdministrationClient</c> under the same key counts messages and creates the queue. Turn the retries of both
    /// off (<c>MaxRetries = 0</c>).
    /// </summary>
    /// <value>
    /// A key of a keyed singleton; an empty text means the unkeyed one. The default value is <see langword="null"/>: a client is made.
    /// </value>
    public string? ServiceKey { get; set; }

    /// <summary>
    /// Gets or sets the connection string with which messages are counted and the queue is created, where it differs from
    /// <see cref="ConnectionString"/>.
    /// </summary>
    /// <value>
    /// The key's policy needs the right Manage on the namespace. The emulator has a port of its own for it:
    /// <c>Endpoint=sb://localhost:5300;…;UseDevelopmentEmulator=true</c>. The default value is <see langword="null"/>:
    /// <see cref="ConnectionString"/>.
    /// </value>
    public string? AdministrationConnectionString { get; set; }

    /// <summary>Gets or sets the name of the queue.</summary>
    /// <value>
    /// 1 to 260 letters, digits, dots, hyphens, underscores or slashes. The default value is <see langword="null"/>: the <c>EntityPath</c>
    /// of the connection string, or else <c>session-replay</c>.
    /// </value>
    [RegularExpression("^[A-Za-z0-9._/-]{1,260}$")]
    public string? QueueName { get; set; }

    /// <summary>Gets or sets a value indicating whether a missing queue is created, which needs the right Manage.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool CreateIfMissing { get; set; } = true;

    /// <summary>Gets or sets what the connection runs on.</summary>
    /// <value><c>AmqpTcp</c> (port 5671) or <c>AmqpWebSockets</c> (port 443). The default value is <c>AmqpTcp</c>.</value>
    [EnumDataType(typeof(ServiceBusTransportType))]
    public ServiceBusTransportType Transport { get; set; } = ServiceBusTransportType.AmqpTcp;

    /// <summary>Gets or sets the lock duration of a created queue: when a message that a crashed process held is delivered again.</summary>
    /// <value>This value must be from 5 seconds to 5 minutes. The default value is 1 minute.</value>
    [TimeRange("00:00:05", "00:05:00")]
    public TimeSpan LockDuration { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets how often the locks of unsettled deliveries are renewed.</summary>
    /// <value>
    /// This value must be from 100 milliseconds to 2 minutes, and below half of the queue's lock duration. The default value is 10 seconds.
    /// </value>
    [TimeRange("00:00:00.100", "00:02:00")]
    public TimeSpan LockRenewalInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets the maximum size of a message in bytes, headers included. What is larger travels as a claim check.</summary>
    /// <value>
    /// This value must be from 128 KiB to 100 MiB and not above what the service accepts. The default value is <see langword="null"/>: what
    /// the service announces on connecting, at most 1 MiB; before that 256 KiB, as the standard tier accepts.
    /// </value>
    [Range(128 * 1024, 100 * 1024 * 1024)]
    public int? MaxMessageBytes { get; set; }

    /// <summary>Gets or sets how many publishes wait for their confirmation at most; more wait in the process.</summary>
    /// <value>This value must be from 1 to 10,000. The default value is 512.</value>
    [Range(1, 10_000)]
    public int MaxUnconfirmedPublishes { get; set; } = 512;

    /// <summary>Gets or sets how long a call waits for the service's confirmation.</summary>
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
    /// Gets or sets how many dead letters are kept. A worker that adds dead letters removes the oldest beyond it, which needs the right
    /// Manage; at times there are up to 100 more for each worker.
    /// </summary>
    /// <value>This value must be from 1 to 1,000,000. The default value is 10,000.</value>
    [Range(1, 1_000_000)]
    public int MaxDeadLetters { get; set; } = 10_000;

    /// <summary>Gets or sets the delay before the second delivery of a message that was given back; it doubles from there.</summary>
    /// <value>This value must be from 1 millisecond to 1 hour. The default value is 1 second.</value>
    [TimeRange("00:00:00.001", "01:00:00")]
    public TimeSpan FirstRetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets the maximum delay between two deliveries.</summary>
    /// <value>This value must be from 1 millisecond to 1 day. The default value is 5 minutes.</value>
    [TimeRange("00:00:00.001", "1.00:00:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(5);
}
