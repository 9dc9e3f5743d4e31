using SessionReplay.Queues;
using SessionReplay.Queues.Sqs;

namespace SessionReplay;

/// <summary>Registers the queue on Amazon SQS.</summary>
public static class SqsQueueBuilderExtensions
{
    /// <summary>
    /// Registers Amazon SQS as <see cref="IMessageQueue"/>, <see cref="IDeadLetterQueue"/> and <see cref="IQueueMonitor"/>.
    /// </summary>
    /// <param name="builder">Takes the registrations.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static ISessionReplayBuilder AddSqsQueue(this ISessionReplayBuilder builder, Action<SqsQueueOptions>? configure = null) =>
        builder.AddSqsQueue("SessionReplay:Queue:Sqs", configure);

    internal static ISessionReplayBuilder AddSqsQueue(
        this ISessionReplayBuilder builder, string path, Action<SqsQueueOptions>? configure) =>
        builder.AddQueue<SqsMessageQueue, SqsQueueOptions>("Sqs", new SqsQueueOptionsValidator(path), configure);
}
