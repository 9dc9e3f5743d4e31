using Confluent.Kafka;

namespace SessionReplay.Queues.Kafka;

/// <summary>Says what happened and what to do about it.</summary>
internal static class KafkaErrors
{
    internal static QueueUnavailableException Unavailable(Exception cause) => new(
        cause is TimeoutException or OperationCanceledException
            ? "Kafka did not confirm in time. Look at the brokers, or raise ConfirmTimeout."
            : $"Kafka did not confirm: {(cause as KafkaException)?.Error.Reason ?? cause.Message}. "
                + "Look at BootstrapServers, the credentials and the brokers.",
        cause);

    internal static QueueUnavailableException PartitionLost() =>
        new("The partition of the message went to another consumer, which delivers it again.");
}
