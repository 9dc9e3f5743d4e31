namespace SessionReplay.Queues.Sqs;

/// <summary>Says what happened and what to do about it.</summary>
internal static class SqsErrors
{
    internal static QueueUnavailableException Unavailable(Exception cause) => new(
        $"SQS did not confirm: {cause.Message} "
        + "Check that the service can be reached, and SqsQueueOptions: region, credentials and their rights, queue.",
        cause);
}
