using System.ComponentModel.DataAnnotations;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>Settings of the queue on Azure Service Bus.</summary>
public sealed class AzureServiceBusQueueOptions
{
    internal const string QueueNamePattern = "^[A-Za-z0-9._/-]{1,260}$";

    /// <summary>Gets or sets the connection string of the namespace or of the queue, as the portal shows it.</summary>
    /// <value>
    /// <c>Endpoint=sb://NAME.servicebus.windows.net/;SharedAccessKeyName=…;SharedAccessKey=…</c>, with <c>EntityPath=…</c> where it belongs to one queue.
    /// Without a key an <see cref="IServiceBusTokenProvider"/> must be registered. With <c>UseDevelopmentEmulator=true</c> the connection is not
    /// encrypted. It is required.
    /// </value>
    [Required]
    [ServiceBusConnectionString]
    public string ConnectionString { get; set; } = "";

    /// <summary>Gets or sets the name of the queue. It must exist; see the package's README for its settings.</summary>
    /// <value>
    /// 1 to 260 letters, digits, dots, hyphens, underscores or slashes. The default value is <see langword="null"/>: the <c>EntityPath</c> of the
    /// connection string, or else <c>session-replay</c>.
    /// </value>
    [RegularExpression(QueueNamePattern)]
    public string? QueueName { get; set; }

    /// <summary>Gets or sets how a connection shows who it is.</summary>
    /// <value><c>Cbs</c> (tokens that are renewed) or <c>SaslPlain</c>. The default value is <c>Cbs</c>.</value>
    [EnumDataType(typeof(ServiceBusAuthentication))]
    public ServiceBusAuthentication Authentication { get; set; } = ServiceBusAuthentication.Cbs;

    /// <summary>Gets or sets what the connection runs on.</summary>
    /// <value><c>Tcp</c> (port 5671) or <c>WebSockets</c> (port 443). The default value is <c>Tcp</c>.</value>
    [EnumDataType(typeof(ServiceBusTransport))]
    public ServiceBusTransport Transport { get; set; } = ServiceBusTransport.Tcp;

    /// <summary>Gets or sets where the service tells over HTTP how many messages are in the queue.</summary>
    /// <value>
    /// A URL, with <c>https</c> unless it is the emulator's. The default value is <see langword="null"/>: <c>https</c> on the host of <see cref="ConnectionString"/>, or port 5300 of the emulator.
    /// </value>
    [Url]
    public string? ManagementUrl { get; set; }

    /// <summary>Gets or sets the file of the authority that has signed the service's certificate, where the system does not know it. Only this authority is then trusted.</summary>
    /// <value>A PEM file with one or more certificates. The default value is <see langword="null"/>: those the system trusts.</value>
    public string? TlsAuthorityFile { get; set; }

    /// <summary>Gets or sets for how long a shared access signature is valid. It is renewed when three quarters of this time are over.</summary>
    /// <value>This value must be from 4 seconds to 1 day. The default value is 20 minutes.</value>
    [TimeRange("00:00:04", "1.00:00:00")]
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromMinutes(20);

    /// <summary>Gets or sets how often the locks of unsettled deliveries are renewed.</summary>
    /// <value>This value must be from 100 milliseconds to 2 minutes, and below half of the queue's lock duration. The default value is 10 seconds.</value>
    [TimeRange("00:00:00.100", "00:02:00")]
    public TimeSpan LockRenewalInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets the greatest message in bytes, headers included. What is larger travels as a claim check.</summary>
    /// <value>
    /// This value must be from 128 KiB to 100 MiB and not above what the service takes. The default value is <see langword="null"/>: what the service
    /// says on connecting, at most 1 MiB; before that 256 KiB, as the standard tier takes.
    /// </value>
    [Range(128 * 1024, 100 * 1024 * 1024)]
    public int? MaxMessageBytes { get; set; }

    /// <summary>Gets or sets how many deliveries a process holds unsettled at most.</summary>
    /// <value>This value must be from 1 to 5,000. The default value is 100.</value>
    [Range(1, 5000)]
    public int MaxUnsettled { get; set; } = 100;

    /// <summary>Gets or sets how many publishes wait for their confirmation at most; more wait in the process.</summary>
    /// <value>This value must be from 1 to 10,000. The default value is 512.</value>
    [Range(1, 10_000)]
    public int MaxUnconfirmedPublishes { get; set; } = 512;

    /// <summary>Gets or sets how long a call waits for the service's confirmation.</summary>
    /// <value>This value must be from 100 milliseconds to 5 minutes. The default value is 10 seconds.</value>
    [TimeRange("00:00:00.100", "00:05:00")]
    public TimeSpan ConfirmTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets at which delivery a message that is given back for a retry becomes a dead letter. Deliveries that were never given back do not count.</summary>
    /// <value>This value must be from 1 to 1,000. The default value is 10.</value>
    [Range(1, 1000)]
    public int MaxAttempts { get; set; } = 10;

    /// <summary>Gets or sets the delay before the second delivery of a message that was given back; it doubles from there.</summary>
    /// <value>This value must be from 1 millisecond to 1 hour. The default value is 1 second.</value>
    [TimeRange("00:00:00.001", "01:00:00")]
    public TimeSpan FirstRetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets the greatest delay between two deliveries.</summary>
    /// <value>This value must be from 1 millisecond to 1 day. The default value is 5 minutes.</value>
    [TimeRange("00:00:00.001", "1.00:00:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(5);
}
