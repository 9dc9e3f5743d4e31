using SessionReplay.Queues;
using SessionReplay.Queues.Kafka;

namespace SessionReplay;

/// <summary>Registers the queue on Kafka.</summary>
public static class KafkaQueueBuilderExtensions
{
    /// <summary>
    /// Registers Kafka as <see cref="IMessageQueue"/>, <see cref="IDeadLetterQueue"/> and <see cref="IQueueMonitor"/>.
    /// </summary>
    /// <param name="builder">Takes the registrations.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static ISessionReplayBuilder AddKafkaQueue(this ISessionReplayBuilder builder, Action<KafkaQueueOptions>? configure = null) =>
        builder.AddKafkaQueue("SessionReplay:Queue:Kafka", configure);

    internal static ISessionReplayBuilder AddKafkaQueue(
        this ISessionReplayBuilder builder, string path, Action<KafkaQueueOptions>? configure) =>
        builder.AddQueue<KafkaMessageQueue, KafkaQueueOptions>("Kafka", new KafkaQueueOptionsValidator(path), configure);
}
