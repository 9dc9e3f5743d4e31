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
    private TaskCompletionSource _open = Opened();

    public int MaxMessageBytes => 1024;

    /// <summary>How many publishes fail from now on, without anything reaching the queue.</summary>
    public int Failing
    {
        set => _failing = value;
    }

    /// <summary>Gets or sets whether messages stay in the queue.</summary>
    public bool IsHeld
    {
        get => !_open.Task.IsCompleted;
        set
        {
            _open.TrySetResult();
            _open = value ? new(TaskCreationOptions.RunContinuationsAsynchronously) : Opened();
        }
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

    public async ValueTask<IReadOnlyList<IQueueDelivery>> ReceiveAsync(int maxMessages, CancellationToken cancellationToken)
    {
        // Also what was asked for before the queue was held.
        var messages = await inner.ReceiveAsync(maxMessages, cancellationToken);
        await _open.Task.WaitAsync(cancellationToken);
        return messages;
    }

    private static TaskCompletionSource Opened()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }
}
