namespace SessionReplay.Queues;

/// <summary>How deliveries are settled, as the metrics name it.</summary>
internal static class QueueOutcome
{
    internal const string Ack = "ack";
    internal const string Retry = "retry";
    internal const string DeadLetter = "dead_letter";
}
