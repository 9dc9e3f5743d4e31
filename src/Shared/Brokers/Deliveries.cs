using System.Collections.Concurrent;

namespace SessionReplay.Queues;

/// <summary>The unsettled deliveries of a queue.</summary>
/// <typeparam name="TMessage">An adapter's message.</typeparam>
/// <param name="calls">Makes the calls.</param>
internal sealed class Deliveries<TMessage>(BrokerCalls calls)
    where TMessage : class, IBrokerMessage
{
    private readonly ConcurrentDictionary<TMessage, QueueDelivery> _unsettled = new();

    /// <summary>Gets the messages that are unsettled, or whose settlement the broker has not confirmed yet.</summary>
    internal ICollection<TMessage> Unsettled => _unsettled.Keys;

    internal int Count => _unsettled.Count;

    internal QueueDelivery Add(TMessage message)
    {
        var delivery = new QueueDelivery(message, calls, () => Remove(message));
        _unsettled[message] = delivery;
        return delivery;
    }

    /// <summary>Forgets a message, for instance because its lease is lost: it can still be settled, in vain.</summary>
    internal void Remove(TMessage message) => _unsettled.TryRemove(message, out _);

    /// <summary>Whether nobody has begun to settle a message.</summary>
    internal bool IsOpen(TMessage message) => _unsettled.TryGetValue(message, out var delivery) && !delivery.Settlement.HasBegun;

    /// <summary>Starts to renew a message's lease unless somebody has begun to settle it.</summary>
    internal Task RenewAsync(TMessage message, Func<Task> renew) =>
        _unsettled.TryGetValue(message, out var delivery) ? delivery.Settlement.StartBefore(renew) : Task.CompletedTask;

    /// <summary>Gives all back together: where the broker is away, each waits for its answer in vain.</summary>
    internal Task GiveAllBackAsync() => Task.WhenAll(_unsettled.Values.Select(delivery => delivery.DisposeAsync().AsTask()));
}
