namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>What the AMQP connection runs on.</summary>
public enum ServiceBusTransport
{
    /// <summary>TLS on port 5671.</summary>
    Tcp,

    /// <summary>A secure web socket on port 443, for networks that let nothing else out.</summary>
    WebSockets,
}
