namespace SessionReplay.Queues.Kafka;

/// <summary>Where a message of an assigned partition is.</summary>
internal enum MessageState
{
    /// <summary>In memory, to be delivered now or when it is due.</summary>
    Waiting,

    /// <summary>With a consumer.</summary>
    Delivered,

    /// <summary>Dealt with; its offset may be committed.</summary>
    Settled,
}
