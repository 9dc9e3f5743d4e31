using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace SessionReplay.Queues.AzureServiceBus.Tests.Peer;

/// <summary>
/// A queue with peek-lock, lock expiry, delivery count, scheduled messages, duplicate detection and a dead-letter queue. It outlives the
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

    /// <summary>Tells a consumer that it has got all it asked for, while nothing is being sent to it.</summary>
    public void Drain(QueueSource consumer)
    {
        lock (_lock)
        {
            consumer.CompleteDrain();
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
            foreach (var message in _messages.Values.Where(message => !message.IsLocked && message.ScheduledAt <= now).ToArray())
            {
                var consumer = _consumers.Count == 0
                    ? null
                    : Enumerable.Range(0, _consumers.Count).Select(i => _consumers[(_next + i) % _consumers.Count])
                        .FirstOrDefault(one => one.HasCredit);
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
                message.DeliveryCount++;
                Unlock(message);
            }
        }

        Dispatch();
        DeadLetters?.Tick();
    }

    /// <summary>Tells whether a lock has not run out.</summary>
    public bool Holds(Guid lockToken)
    {
        lock (_lock)
        {
            return Find(lockToken) is not null;
        }
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
                case Modified modified:
                    message.Modify(modified.MessageAnnotations);
                    message.DeliveryCount++;
                    Unlock(message);
                    break;
                default:
                    // Released, with which the client gives back what comes while nobody receives, does not count.
                    Unlock(message);
                    break;
            }
        }

        Dispatch();
        return true;
    }

    /// <summary>Renews locks, all or none.</summary>
    /// <returns>Until when.</returns>
    public DateTimeOffset? Renew(Guid[] lockTokens)
    {
        lock (_lock)
        {
            var messages = lockTokens.Select(Find).ToArray();
            if (messages.Contains(null))
            {
                return null;
            }

            var until = TimeProvider.System.GetUtcNow() + LockDuration;
            Array.ForEach(messages, message => message!.LockedUntil = until);
            Interlocked.Increment(ref Renewals);
            return until;
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

    /// <summary>Counts messages: those scheduled are not among the active ones.</summary>
    public (int Active, int Scheduled) Count()
    {
        lock (_lock)
        {
            var now = TimeProvider.System.GetUtcNow();
            var scheduled = _messages.Values.Count(message => message.ScheduledAt > now);
            return (_messages.Count - scheduled, scheduled);
        }
    }

    public int CountLocked()
    {
        lock (_lock)
        {
            return _messages.Values.Count(message => message.IsLocked);
        }
    }

    private StoredMessage? Find(Guid lockToken) =>
        _messages.Values.FirstOrDefault(message => message.IsLocked && message.LockToken == lockToken);

    private void Unlock(StoredMessage message)
    {
        message.LockToken = Guid.Empty;
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
        message.Modify(info);
        DeadLetters?.Take(message);
    }

    private void Take(StoredMessage message)
    {
        lock (_lock)
        {
            var dead = new StoredMessage(++_lastSequenceNumber, message.Content) { DeliveryCount = message.DeliveryCount,
                EnqueuedAt = message.EnqueuedAt };
            _messages.Add(dead.SequenceNumber, dead);
        }

        Dispatch();
    }
}
