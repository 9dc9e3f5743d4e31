using SessionReplay.Queues;
using SessionReplay.Queues.Sqs;

namespace SessionReplay;

/// <summary>Registers the queue on Amazon SQS.</summary>
public static class SqsQueueBuilderExtensions
{
    /// <summary>Registers Amazon SQS as <see cref="IMessageQueue"/>, <see cref="IDeadLetterQueue"/> and <see cref="IQueueMonitor"/>, unless a queue is registered already.</summary>
    /// <param name="builder">Takes the registrations.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static ISessionReplayBuilder AddSqsQueue(this ISessionReplayBuilder builder, Action<SqsQueueOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddCheckedOptions<SqsQueueOptions, SqsQueueOptionsValidator>("SessionReplay:Queue:Sqs", configure);
        services.AddQueue<SqsMessageQueue>("session-replay-queue-sqs");
        return builder;
    }
}
