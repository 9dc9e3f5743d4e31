using Confluent.Kafka;

namespace SessionReplay.Queues.Kafka;

/// <summary>What producer and consumers have in common.</summary>
internal static class ClientSettings
{
    /// <param name="options">Says where the brokers are and how to sign in, unless the application does.</param>
    /// <param name="application">The application's own configuration, which is copied.</param>
    internal static ClientConfig Create(KafkaQueueOptions options, ClientConfig? application)
    {
        var config = application is null
            ? Create(options)
            : new ClientConfig(application.ToDictionary(setting => setting.Key, setting => setting.Value));
        config.ClientId ??= "session-replay";
        config.ReconnectBackoffMs ??= 50;
        config.ReconnectBackoffMaxMs ??= 2000;
        config.SocketKeepaliveEnable ??= true;
        config.MessageMaxBytes = options.MaxMessageBytes;
        return config;
    }

    private static ClientConfig Create(KafkaQueueOptions options) => new()
    {
        BootstrapServers = options.BootstrapServers,
        SecurityProtocol = options.SecurityProtocol,
        SaslMechanism = options.SaslMechanism,
        SaslUsername = options.SaslUsername,
        SaslPassword = options.SaslPassword,
        SslCaLocation = options.TlsAuthorityFile,
        SslCertificateLocation = options.TlsCertificateFile,
        SslKeyLocation = options.TlsKeyFile,
        SslKeyPassword = options.TlsKeyPassword,
    };
}
