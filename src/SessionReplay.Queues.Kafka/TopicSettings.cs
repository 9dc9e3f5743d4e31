using System.Globalization;
using Confluent.Kafka.Admin;

namespace SessionReplay.Queues.Kafka;

/// <summary>What a created topic is like.</summary>
internal static class TopicSettings
{
    internal static TopicSpecification Create(KafkaQueueOptions options, string topic, bool isDead)
    {
        var settings = new Dictionary<string, string>
        {
            ["cleanup.policy"] = "delete",
            ["retention.ms"] = ((long)options.Retention.TotalMilliseconds).ToString(CultureInfo.InvariantCulture),
            // What waits must not be removed because there is much of it, whatever the brokers do with topics that say nothing.
            ["retention.bytes"] = isDead ? options.MaxDeadLetterBytes.ToString(CultureInfo.InvariantCulture) : "-1",
            ["max.message.bytes"] = (options.MaxMessageBytes + 4096).ToString(CultureInfo.InvariantCulture),
        };
        if (options.MinInSyncReplicas is { } least)
        {
            settings["min.insync.replicas"] = least.ToString(CultureInfo.InvariantCulture);
        }

        return new TopicSpecification
        {
            Name = topic,
            // One partition keeps the dead letters in order, so that one offset says which were put back or discarded.
            NumPartitions = isDead ? 1 : options.Partitions,
            ReplicationFactor = (short)(options.Replicas ?? -1),
            Configs = settings,
        };
    }
}
