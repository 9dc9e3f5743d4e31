using Confluent.Kafka;

namespace SessionReplay.Queues.Kafka;

/// <summary>What producer and consumers have in common.</summary>
internal static class ClientSettings
{
    internal static ClientConfig Create(KafkaQueueOptions options) => new()
    {
        BootstrapServers = options.BootstrapServers,
        ClientId = "session-replay",
        SecurityProtocol = options.SecurityProtocol,
        SaslMechanism = options.SaslMechanism,
        SaslUsername = options.SaslUsername,
        SaslPassword = options.SaslPassword,
        SslCaLocation = options.TlsAuthorityFile,
        SslCertificateLocation = options.TlsCertificateFile,
        SslKeyLocation = options.TlsKeyFile,
        MessageMaxBytes = options.MaxRecordBytes,
        ReconnectBackoffMs = 50,
        ReconnectBackoffMaxMs = 2000,
        SocketKeepaliveEnable = true,
    };
}
