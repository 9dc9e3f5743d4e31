using SessionReplay.Queues;

namespace SessionReplay.Pipeline.Benchmarks.Puts;

/// <summary>
/// A queue in memory that hands messages out as the adapters of brokers do (waiting receivers are served in turn, each takes what is
/// there), and knows when nothing more will happen before the clock moves on.
/// </summary>
/// <param name="receivers">How many groups are gathered at the same time.</param>
internal sealed class VirtualQueue(int receivers) : IMessageQueue, IDeadLetterQueue
{
    private readonly Lock _gate = new();
    private readonly Queue<QueueMessage> _ready = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = [];
    private TaskCompletionSource? _idle;

    public int MaxMessageBytes => 16 * 1024 * 1024;

    public int Settled { get; private set; }

    public int Published { get; private set; }

    public ValueTask PublishAsync(QueueMessage message, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Published++;
            _ready.Enqueue(message with { Body = message.Body.ToArray() });
            if (_waiting.First is { } first)
            {
                _waiting.RemoveFirst();
                first.Value.TrySetResult();
            }
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask<IReadOnlyList<IQueueDelivery>> ReceiveAsync(int maxMessages, CancellationToken cancellationToken)
    {
        while (true)
        {
            TaskCompletionSource turn;
            lock (_gate)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var taken = new List<IQueueDelivery>();
                while (taken.Count < maxMessages && _ready.TryDequeue(out var message))
                {
                    taken.Add(new VirtualDelivery(this, message));
                }

                if (taken.Count > 0)
                {
                    return taken;
                }

                _waiting.AddLast(turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                TellIfIdle();
            }

            // Called within the clock's step: what the end of the time sets off is never mistaken for rest.
            await using var _ = cancellationToken.UnsafeRegister(_ => GiveUp(turn), null).ConfigureAwait(false);
            await turn.Task.ConfigureAwait(false);
        }
    }

    /// <summary>Waits until all messages are handed out and all receivers wait for more.</summary>
    public Task RestAsync()
    {
        lock (_gate)
        {
            _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            TellIfIdle();
            return _idle.Task;
        }
    }

    public void Settle()
    {
        lock (_gate)
        {
            Settled++;
        }
    }

    /// <summary>Nothing fails here: there are no dead letters.</summary>
    public ValueTask<IReadOnlyList<DeadLetter>> ListAsync(int limit, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<DeadLetter>>([]);

    public ValueTask<int> RedriveAsync(int limit, CancellationToken cancellationToken) => ValueTask.FromResult(0);

    public ValueTask<int> DiscardAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => ValueTask.FromResult(0);

    private void GiveUp(TaskCompletionSource turn)
    {
        lock (_gate)
        {
            // One that has its turn already goes on with it.
            if (_waiting.Remove(turn))
            {
                turn.TrySetResult();
            }
        }
    }

    private void TellIfIdle()
    {
        if (_waiting.Count == receivers && _ready.Count == 0)
        {
            _idle?.TrySetResult();
        }
    }
}
