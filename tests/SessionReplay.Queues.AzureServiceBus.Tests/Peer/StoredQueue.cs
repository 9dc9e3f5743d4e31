using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace SessionReplay.Queues.AzureServiceBus.Tests.Peer;

/// <summary>
/// A queue with peek-lock, lock expiry, delivery count, scheduled and deferred messages, duplicate detection and a dead-letter queue. It outlives the
/// server that shows it, as the service's storage outlives its front ends.
/// </summary>
internal sealed class StoredQueue
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<long, StoredMessage> _messages = [];
    private readonly List<QueueSource> _consumers = [];
    private readonly HashSet<string> _seen = [];
    private long _lastSequenceNumber;
    private int _next;

    public StoredQueue(string name, bool isDeadLetter = false)
    {
        Name = name;
        DeadLetters = isDeadLetter ? null : new StoredQueue(name + "/$DeadLetterQueue", true);
    }

    public string Name { get; }

    public StoredQueue? DeadLetters { get; }

    public TimeSpan LockDuration { get; set; } = TimeSpan.FromSeconds(30);

    public int MaxDeliveryCount { get; set; } = 1000;

    public bool DetectsDuplicates { get; set; }

    /// <summary>Whether it takes nothing more.</summary>
    public bool IsFull { get; set; }

    /// <summary>The outcomes that clients have sent over the links that the messages came by, in their order.</summary>
    public ConcurrentQueue<DeliveryState> Outcomes { get; } = new();

    public void Enqueue(Message message)
    {
        lock (_lock)
        {
            if (DetectsDuplicates && !_seen.Add(message.Properties.GetMessageId().ToString()!))
            {
                return;
            }

            var content = StoredMessage.Copy(message);
            var stored = new StoredMessage(++_lastSequenceNumber, content);
            if (content.MessageAnnotations?.Map[(Symbol)"x-opt-scheduled-enqueue-time"] is DateTime at)
            {
                stored.EnqueuedAt = stored.ScheduledAt = new DateTimeOffset(at, TimeSpan.Zero);
            }

            _messages.Add(stored.SequenceNumber, stored);
        }

        Dispatch();
    }

    public void Attach(QueueSource consumer)
    {
        lock (_lock)
        {
            _consumers.Add(consumer);
        }
    }

    /// <summary>Locks outlive the links they came by.</summary>
    public void Detach(QueueSource consumer)
    {
        lock (_lock)
        {
            _consumers.Remove(consumer);
        }
    }

    public void DetachAll()
    {
        lock (_lock)
        {
            _consumers.Clear();
        }
    }

    /// <summary>Locks and sends what is ready to whoever has credit, in turn.</summary>
    public void Dispatch()
    {
        lock (_lock)
        {
            var now = TimeProvider.System.GetUtcNow();
            foreach (var message in _messages.Values.Where(message => !message.IsLocked && !message.IsDeferred && message.ScheduledAt <= now).ToArray())
            {
                var consumer = _consumers.Count == 0
                    ? null
                    : Enumerable.Range(0, _consumers.Count).Select(i => _consumers[(_next + i) % _consumers.Count]).FirstOrDefault(one => one.HasCredit);
                if (consumer is null)
                {
                    return;
                }

                _next++;
                message.LockToken = Guid.CreateVersion7();
                message.LockedUntil = now + LockDuration;
                if (!consumer.TrySend(message))
                {
                    message.LockToken = Guid.Empty;
                }
            }
        }
    }

    /// <summary>Does what time brings: locks run out, and scheduled messages are due.</summary>
    public void Tick()
    {
        lock (_lock)
        {
            var now = TimeProvider.System.GetUtcNow();
            foreach (var message in _messages.Values.Where(message => message.IsLocked && message.LockedUntil <= now).ToArray())
            {
                Unlock(message, countsAsDelivery: true);
            }
        }

        Dispatch();
        DeadLetters?.Tick();
    }

    /// <summary>Settles what a client holds; without its lock nothing happens.</summary>
    public bool Settle(Guid lockToken, DeliveryState? outcome)
    {
        lock (_lock)
        {
            if (Find(lockToken) is not { } message)
            {
                return false;
            }

            switch (outcome)
            {
                case Accepted:
                    _messages.Remove(message.SequenceNumber);
                    break;
                case Rejected rejected:
                    MoveToDeadLetters(message, rejected.Error?.Info);
                    break;
                case Modified { UndeliverableHere: true }:
                    message.IsDeferred = true;
                    message.LockToken = Guid.Empty;
                    break;
                case Modified:
                    Unlock(message, countsAsDelivery: true);
                    break;
                default:
                    // Released does not count.
                    Unlock(message, countsAsDelivery: false);
                    break;
            }
        }

        Dispatch();
        return true;
    }

    /// <summary>Renews locks, all or none.</summary>
    public bool Renew(Guid[] lockTokens)
    {
        lock (_lock)
        {
            var messages = lockTokens.Select(Find).ToArray();
            if (messages.Contains(null))
            {
                return false;
            }

            Array.ForEach(messages, message => message!.LockedUntil = TimeProvider.System.GetUtcNow() + LockDuration);
            Interlocked.Increment(ref Renewals);
            return true;
        }
    }

    /// <summary>How many renewals were granted.</summary>
    public int Renewals;

    public byte[][] Peek(long from, int count)
    {
        lock (_lock)
        {
            return [.. _messages.Values.Where(message => message.SequenceNumber >= from).Take(count).Select(message => message.Encode())];
        }
    }

    /// <summary>Locks a deferred message.</summary>
    public (byte[] Encoded, Guid LockToken)? LockDeferred(long sequenceNumber)
    {
        lock (_lock)
        {
            if (!_messages.TryGetValue(sequenceNumber, out var message) || !message.IsDeferred || message.IsLocked)
            {
                return null;
            }

            message.LockToken = Guid.CreateVersion7();
            message.LockedUntil = TimeProvider.System.GetUtcNow() + LockDuration;
            return (message.Encode(), message.LockToken);
        }
    }

    /// <summary>Counts messages: those deferred are not among the active ones.</summary>
    public (int Active, int Scheduled, int Deferred) Count()
    {
        lock (_lock)
        {
            var now = TimeProvider.System.GetUtcNow();
            var scheduled = _messages.Values.Count(message => message.ScheduledAt > now);
            var deferred = _messages.Values.Count(message => message.IsDeferred);
            return (_messages.Count - scheduled - deferred, scheduled, deferred);
        }
    }

    /// <summary>Removes all that is scheduled, as somebody would who empties a queue by hand.</summary>
    public void RemoveScheduled()
    {
        lock (_lock)
        {
            var now = TimeProvider.System.GetUtcNow();
            foreach (var message in _messages.Values.Where(message => message.ScheduledAt > now).ToArray())
            {
                _messages.Remove(message.SequenceNumber);
            }
        }
    }

    public int CountLocked()
    {
        lock (_lock)
        {
            return _messages.Values.Count(message => message.IsLocked);
        }
    }

    private StoredMessage? Find(Guid lockToken) => _messages.Values.FirstOrDefault(message => message.IsLocked && message.LockToken == lockToken);

    private void Unlock(StoredMessage message, bool countsAsDelivery)
    {
        message.LockToken = Guid.Empty;
        message.DeliveryCount += countsAsDelivery ? 1u : 0;
        if (message.DeliveryCount >= MaxDeliveryCount && DeadLetters is not null)
        {
            MoveToDeadLetters(message, new Fields
            {
                [(Symbol)"DeadLetterReason"] = "MaxDeliveryCountExceeded",
                [(Symbol)"DeadLetterErrorDescription"] = "Message could not be consumed after the greatest number of delivery attempts.",
            });
        }
    }

    private void MoveToDeadLetters(StoredMessage message, Fields? info)
    {
        _messages.Remove(message.SequenceNumber);
        message.Content.ApplicationProperties ??= new ApplicationProperties();
        foreach (var (key, value) in info ?? [])
        {
            message.Content.ApplicationProperties.Map[key.ToString()!] = value;
        }

        DeadLetters?.Take(message);
    }

    private void Take(StoredMessage message)
    {
        lock (_lock)
        {
            var dead = new StoredMessage(++_lastSequenceNumber, message.Content) { DeliveryCount = message.DeliveryCount, EnqueuedAt = message.EnqueuedAt };
            _messages.Add(dead.SequenceNumber, dead);
        }

        Dispatch();
    }
}
