namespace SessionReplay.Sqlite;

/// <summary>An operation with a result, which its caller gets after the commit.</summary>
internal sealed class SqliteOperation<T, TResult>(Func<T, TResult> execute, long bytes) : SqliteOperation<T>(bytes)
    where T : class
{
    private readonly TaskCompletionSource<TResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TResult? _result;

    /// <summary>
    /// Waits for the commit. A cancellation ends the wait only while the writer has not begun: afterwards it may be reading the caller's
    /// bytes, and the commit is near.
    /// </summary>
    public async Task<TResult> WaitAsync(CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister(
            static (state, token) =>
            {
                var self = (SqliteOperation<T, TResult>)state!;
                if (self.TryCancel())
                {
                    self._completion.TrySetCanceled(token);
                }
            },
            this).ConfigureAwait(false);
        return await _completion.Task.ConfigureAwait(false);
    }

    public override void Complete()
    {
        if (Error is { } error)
        {
            _completion.TrySetException(error);
        }
        else
        {
            _completion.TrySetResult(_result!);
        }
    }

    public override void Fail(Exception error) => _completion.TrySetException(error);

    protected override void Execute(T tables) => _result = execute(tables);
}
