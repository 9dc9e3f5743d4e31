using SessionReplay.Queues;
using SessionReplay.Queues.RabbitMQ;

namespace SessionReplay;

/// <summary>Registers the queue on RabbitMQ.</summary>
public static class RabbitMQQueueBuilderExtensions
{
    /// <summary>Registers RabbitMQ as <see cref="IMessageQueue"/>, <see cref="IDeadLetterQueue"/> and <see cref="IQueueMonitor"/>, unless a queue is registered already.</summary>
    /// <param name="builder">Takes the registrations.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static ISessionReplayBuilder AddRabbitMQQueue(this ISessionReplayBuilder builder, Action<RabbitMQQueueOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddCheckedOptions<RabbitMQQueueOptions, RabbitMQQueueOptionsValidator>("SessionReplay:Queue:RabbitMQ", configure);
        services.AddQueue<RabbitMQMessageQueue>("session-replay-queue-rabbitmq");
        return builder;
    }
}
