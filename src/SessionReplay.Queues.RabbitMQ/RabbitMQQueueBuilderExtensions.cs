using SessionReplay.Queues;
using SessionReplay.Queues.RabbitMQ;

namespace SessionReplay;

/// <summary>Registers the queue on RabbitMQ.</summary>
public static class RabbitMQQueueBuilderExtensions
{
    /// <summary>
    /// Registers RabbitMQ as <see cref="IMessageQueue"/>, <see cref="IDeadLetterQueue"/> and <see cref="IQueueMonitor"/>.
    /// </summary>
    /// <param name="builder">Takes the registrations.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static ISessionReplayBuilder AddRabbitMQQueue(
        this ISessionReplayBuilder builder, Action<RabbitMQQueueOptions>? configure = null) =>
        builder.AddRabbitMQQueue("SessionReplay:Queue:RabbitMQ", configure);

    internal static ISessionReplayBuilder AddRabbitMQQueue(
        this ISessionReplayBuilder builder, string path, Action<RabbitMQQueueOptions>? configure) =>
        builder.AddQueue<RabbitMQMessageQueue, RabbitMQQueueOptions>("RabbitMQ", new RabbitMQQueueOptionsValidator(path), configure);
}
