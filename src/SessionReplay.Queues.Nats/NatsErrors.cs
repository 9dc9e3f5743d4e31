namespace SessionReplay.Queues.Nats;

/// <summary>Says what happened and what to do about it.</summary>
internal static class NatsErrors
{
    internal static QueueUnavailableException Unavailable(Exception cause) => new(
        $"NATS did not confirm: {cause.Message} Check ConnectionString, that the server runs with JetStream and has space, and try again.",
        cause);
}
