namespace SessionReplay.Queues;

/// <summary>Something the writer does in a transaction shared with other operations.</summary>
internal abstract class QueueOperation(int bytes)
{
    private const int Waiting = 0;
    private const int Running = 1;
    private const int Cancelled = 2;
    private int _state = Waiting;

    /// <summary>Gets how many bytes of bodies it writes, to bound a transaction.</summary>
    internal int Bytes { get; } = bytes;

    /// <summary>Claims the operation for the writer; from here on nobody can cancel it.</summary>
    internal bool TryStart() => Interlocked.CompareExchange(ref _state, Running, Waiting) == Waiting;

    internal abstract void Execute(QueueDatabase database);

    /// <summary>Tells the caller that the transaction is committed.</summary>
    internal abstract void Complete();

    internal abstract void Fail(Exception exception);

    protected bool TryCancel() => Interlocked.CompareExchange(ref _state, Cancelled, Waiting) == Waiting;
}
