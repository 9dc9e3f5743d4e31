using SessionReplay.Queues;
using SessionReplay.Queues.Kafka;

namespace SessionReplay;

/// <summary>Registers the queue on Kafka.</summary>
public static class KafkaQueueBuilderExtensions
{
    /// <summary>Registers Kafka as <see cref="IMessageQueue"/>, <see cref="IDeadLetterQueue"/> and <see cref="IQueueMonitor"/>, unless a queue is registered already.</summary>
    /// <param name="builder">Takes the registrations.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static ISessionReplayBuilder AddKafkaQueue(this ISessionReplayBuilder builder, Action<KafkaQueueOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddCheckedOptions<KafkaQueueOptions, KafkaQueueOptionsValidator>("SessionReplay:Queue:Kafka", configure);
        services.AddQueue<KafkaMessageQueue>("session-replay-queue-kafka");
        return builder;
    }
}
