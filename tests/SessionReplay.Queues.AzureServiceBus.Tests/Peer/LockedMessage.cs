using Amqp;

namespace SessionReplay.Queues.AzureServiceBus.Tests.Peer;

/// <summary>A message on its way to a client; its lock token is the delivery's tag.</summary>
internal sealed class LockedMessage(StoredMessage stored) : Message
{
    public StoredMessage Stored { get; } = stored;

    public Guid LockToken { get; } = stored.LockToken;
}
