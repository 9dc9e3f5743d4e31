namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>How a connection shows who it is.</summary>
public enum ServiceBusAuthentication
{
    /// <summary>A token for the queue is put to the node <c>$cbs</c> and renewed before it expires: a shared access signature, or what an <see cref="IServiceBusTokenProvider"/> gives.</summary>
    Cbs,

    /// <summary>The name of the policy and its key go over the connection, which is encrypted except to the emulator, as user and password (SASL PLAIN).</summary>
    SaslPlain,
}
