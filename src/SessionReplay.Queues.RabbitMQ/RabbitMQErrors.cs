namespace SessionReplay.Queues.RabbitMQ;

/// <summary>Says what happened and what to do about it.</summary>
internal static class RabbitMQErrors
{
    internal static QueueUnavailableException Unavailable(Exception cause) => new(
        $"RabbitMQ did not confirm: {cause.Message} "
        + "Check RabbitMQQueueOptions.ConnectionString, the broker and its alarms, and try again.",
        cause);
}
