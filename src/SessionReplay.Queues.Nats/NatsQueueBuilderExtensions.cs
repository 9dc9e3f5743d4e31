using SessionReplay.Queues;
using SessionReplay.Queues.Nats;

namespace SessionReplay;

/// <summary>Registers the queue on NATS JetStream.</summary>
public static class NatsQueueBuilderExtensions
{
    /// <summary>Registers NATS JetStream as <see cref="IMessageQueue"/>, <see cref="IDeadLetterQueue"/> and <see cref="IQueueMonitor"/>, unless a queue is registered already.</summary>
    /// <param name="builder">Takes the registrations.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static ISessionReplayBuilder AddNatsQueue(this ISessionReplayBuilder builder, Action<NatsQueueOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddCheckedOptions<NatsQueueOptions, NatsQueueOptionsValidator>("SessionReplay:Queue:Nats", configure);
        services.AddQueue<NatsMessageQueue>("session-replay-queue-nats");
        return builder;
    }
}
