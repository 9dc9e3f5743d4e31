using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Queues;

namespace SessionReplay.TestHosts;

/// <summary>
/// The embedded queue as one with a small limit, which sends nearly every chunk as a claim check; its next publishes can be made to fail.
/// </summary>
public sealed class SmallQueue(IMessageQueue inner) : IMessageQueue
{
    private int _failing;

    public int MaxMessageBytes => 1024;

    /// <summary>How many publishes fail from now on, without anything reaching the queue.</summary>
    public int Failing
    {
        set => _failing = value;
    }

    public static void Add(WebApplicationBuilder builder, ISessionReplayBuilder replay)
    {
        replay.AddSqliteQueue(
            options => options.Path = Path.Combine(builder.Environment.ContentRootPath, "session-replay-data", "queue.db"));
        var descriptor = builder.Services.Last(service => service.ServiceType == typeof(IMessageQueue));
        builder.Services.Remove(descriptor);
        builder.Services.AddSingleton<IMessageQueue>(
            services => new SmallQueue((IMessageQueue)descriptor.ImplementationFactory!(services)));
    }

    public ValueTask PublishAsync(QueueMessage message, CancellationToken cancellationToken) => Interlocked.Decrement(ref _failing) >= 0
        ? throw new QueueUnavailableException("The queue is away.")
        : inner.PublishAsync(message, cancellationToken);

    public ValueTask<IReadOnlyList<IQueueDelivery>> ReceiveAsync(int maxMessages, CancellationToken cancellationToken) =>
        inner.ReceiveAsync(maxMessages, cancellationToken);
}
