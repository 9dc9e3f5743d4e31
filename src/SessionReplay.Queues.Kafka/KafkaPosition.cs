using Confluent.Kafka;

namespace SessionReplay.Queues.Kafka;

/// <summary>What the brokers report of a partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="From">The first offset that is not committed.</param>
/// <param name="End">The offset behind the last record.</param>
internal readonly record struct KafkaPosition(TopicPartition Partition, long From, long End);
