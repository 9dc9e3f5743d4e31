using System.Collections.Concurrent;

namespace SessionReplay.Queues;

/// <summary>
/// Receives whose callers went away. They are not cancelled: the broker could still answer, and the messages would be hidden from
/// everybody. The next caller takes a receive over, and an answer that nobody takes in time goes back.
/// </summary>
/// <typeparam name="TMessage">A message as the client gives it.</typeparam>
/// <param name="calls">Makes the calls.</param>
/// <param name="keepTime">How long an answer waits for a caller.</param>
/// <param name="giveBack">Gives messages back.</param>
internal sealed class PendingReceives<TMessage>(
    BrokerCalls calls, TimeSpan keepTime, Func<IReadOnlyList<TMessage>, CancellationToken, Task> giveBack)
    : IAsyncDisposable
{
    private readonly ConcurrentQueue<Pending> _left = new();
    private readonly CancellationTokenSource _disposed = new();

    /// <summary>Gets what ends when this is disposed.</summary>
    internal CancellationToken Disposed => _disposed.Token;

    /// <summary>Takes over a receive that has no answer yet, or messages; <see langword="null"/> where none was left.</summary>
    internal Task<List<TMessage>>? TakeOver()
    {
        while (_left.TryDequeue(out var pending))
        {
            var isAnswered = pending.Receive.IsCompleted;
            if (pending.TryTake()
                && (!isAnswered || (pending.Receive.IsCompletedSuccessfully && pending.Receive.Result.Count > 0)))
            {
                return pending.Receive;
            }
        }

        return null;
    }

    /// <summary>Leaves a receive, if there is one, to the next caller.</summary>
    internal void Leave(Task<List<TMessage>>? receive)
    {
        if (receive is not null)
        {
            var left = new Pending(receive);
            _left.Enqueue(left);
            _ = GiveBackUnlessTakenAsync(left);
        }
    }

    /// <summary>Waits for the answer of a receive; leaves the receive, or the messages above the limit, to the next caller.</summary>
    internal async Task<List<TMessage>> WaitAsync(Task<List<TMessage>> receive, int limit, CancellationToken cancellationToken)
    {
        List<TMessage> messages;
        try
        {
            messages = await receive.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Leave(receive);
            throw;
        }

        if (messages.Count <= limit)
        {
            return messages;
        }

        Leave(Task.FromResult(messages[limit..]));
        return messages[..limit];
    }

    /// <summary>Gives back what nobody took. What is answered later goes back at once.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var pending in _left)
        {
            if (pending.Receive.IsCompletedSuccessfully && pending.TryTake())
            {
                await GiveBackAsync(pending.Receive.Result).ConfigureAwait(false);
            }
        }

        await _disposed.CancelAsync().ConfigureAwait(false);
    }

    private async Task GiveBackUnlessTakenAsync(Pending pending)
    {
        try
        {
            var messages = await pending.Receive.ConfigureAwait(false);
            await Task.Delay(keepTime, calls.Time, _disposed.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (pending.TryTake())
            {
                await GiveBackAsync(messages).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            // What the broker may have sent is delivered again when its lease expires.
            QueueLog.ReceiveFailed(calls.Logger, e);
        }
    }

    private Task GiveBackAsync(List<TMessage> messages) =>
        messages.Count == 0 ? Task.CompletedTask : calls.GiveBackAsync(end => giveBack(messages, end));

    /// <summary>A receive that one caller, or nobody, waits for.</summary>
    private sealed class Pending(Task<List<TMessage>> receive)
    {
        private int _isTaken;

        internal Task<List<TMessage>> Receive { get; } = receive;

        internal bool TryTake() => Interlocked.Exchange(ref _isTaken, 1) == 0;
    }
}
