namespace SessionReplay.Sqlite;

/// <summary>Something that a writer does in a transaction shared with other operations.</summary>
internal abstract class SqliteOperation<T>(long bytes)
    where T : class
{
    private const int Waiting = 0;
    private const int Running = 1;
    private const int Cancelled = 2;
    private int _state = Waiting;

    /// <summary>Gets about how many bytes it writes, to bound a transaction.</summary>
    public long Bytes { get; } = bytes;

    /// <summary>Gets its own error, after it was run.</summary>
    public Exception? Error { get; private set; }

    /// <summary>Claims the operation for the writer; from here on nobody can cancel it.</summary>
    public bool TryStart() => Interlocked.CompareExchange(ref _state, Running, Waiting) == Waiting;

    /// <summary>Runs the operation. An error of its own is kept for its caller; any other ends the whole transaction.</summary>
    public void Run(T tables, SqliteWork<T> work)
    {
        try
        {
            Execute(tables);
        }
        catch (Exception e) when (work.Refused(e) is { } refused)
        {
            Error = refused;
        }
    }

    /// <summary>Gives the caller the result, or the operation's own error: the transaction is committed.</summary>
    public abstract void Complete();

    /// <summary>Gives the caller the error of the transaction.</summary>
    public abstract void Fail(Exception error);

    protected abstract void Execute(T tables);

    protected bool TryCancel() => Interlocked.CompareExchange(ref _state, Cancelled, Waiting) == Waiting;
}
