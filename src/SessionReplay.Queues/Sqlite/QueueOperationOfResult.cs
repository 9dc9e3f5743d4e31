namespace SessionReplay.Queues;

/// <summary>An operation with a result, which its caller gets after the commit.</summary>
internal sealed class QueueOperation<T>(Func<QueueDatabase, T> execute, int bytes = 0) : QueueOperation(bytes)
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private Exception? _refusal;

    /// <summary>
    /// Waits for the commit. A cancellation ends the wait only while the writer has not begun: afterwards it may be reading the caller's body,
    /// and the commit is near.
    /// </summary>
    internal async Task<T> WaitAsync(CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister(
            static (state, token) =>
            {
                var self = (QueueOperation<T>)state!;
                if (self.TryCancel())
                {
                    self._completion.TrySetCanceled(token);
                }
            },
            this).ConfigureAwait(false);
        return await _completion.Task.ConfigureAwait(false);
    }

    internal override void Execute(QueueDatabase database)
    {
        try
        {
            _result = execute(database);
        }
        catch (QueueUnavailableException e)
        {
            // Refused before anything was written; the others in the transaction go on.
            _refusal = e;
        }
    }

    internal override void Complete()
    {
        if (_refusal is null)
        {
            _completion.TrySetResult(_result!);
        }
        else
        {
            _completion.TrySetException(_refusal);
        }
    }

    internal override void Fail(Exception exception) => _completion.TrySetException(exception);
}
