using SessionReplay.Queues;
using SessionReplay.Queues.Nats;

namespace SessionReplay;

/// <summary>Registers the queue on NATS JetStream.</summary>
public static class NatsQueueBuilderExtensions
{
    /// <summary>
    /// Registers NATS JetStream as <see cref="IMessageQueue"/>, <see cref="IDeadLetterQueue"/> and <see cref="IQueueMonitor"/>.
    /// </summary>
    /// <param name="builder">Takes the registrations.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static ISessionReplayBuilder AddNatsQueue(this ISessionReplayBuilder builder, Action<NatsQueueOptions>? configure = null) =>
        builder.AddNatsQueue("SessionReplay:Queue:Nats", configure);

    internal static ISessionReplayBuilder AddNatsQueue(
        this ISessionReplayBuilder builder, string path, Action<NatsQueueOptions>? configure) =>
        builder.AddQueue<NatsMessageQueue, NatsQueueOptions>("Nats", new NatsQueueOptionsValidator(path), configure);
}
