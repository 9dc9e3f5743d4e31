namespace SessionReplay.Queues.Sqs;

/// <summary>The two queues as they were found.</summary>
/// <param name="Main">The URL of the queue.</param>
/// <param name="Dead">The URL of the dead letters' queue.</param>
/// <param name="MaxMessageBytes">The maximum size of a message in bytes.</param>
/// <param name="DeliveryLimit">After how many deliveries the service itself moves a message; 0 when it never does.</param>
internal sealed record SqsQueues(string Main, string Dead, int MaxMessageBytes, int DeliveryLimit);
