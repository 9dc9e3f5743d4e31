namespace SessionReplay.Pipeline.Benchmarks.Puts;

/// <summary>Requests to a store, by the classes of its price list.</summary>
internal sealed class StoreCounts
{
    private long _writes;
    private long _lists;
    private long _reads;
    private long _deletes;

    /// <summary>Gets the dear ones: writes and copies.</summary>
    public long Writes => Interlocked.Read(ref _writes);

    /// <summary>Gets the listings.</summary>
    public long Lists => Interlocked.Read(ref _lists);

    /// <summary>Gets the cheap ones: downloads and questions for one object.</summary>
    public long Reads => Interlocked.Read(ref _reads);

    /// <summary>Gets those that cost nothing.</summary>
    public long Deletes => Interlocked.Read(ref _deletes);

    public StoreCounts Copy() => new() { _writes = Writes, _lists = Lists, _reads = Reads, _deletes = Deletes };

    public void Clear() => (_writes, _lists, _reads, _deletes) = (0, 0, 0, 0);

    public void Add(OperationClass operation) => _ = operation switch
    {
        OperationClass.Write => Interlocked.Increment(ref _writes),
        OperationClass.List => Interlocked.Increment(ref _lists),
        OperationClass.Read => Interlocked.Increment(ref _reads),
        OperationClass.Delete => Interlocked.Increment(ref _deletes),
        _ => 0,
    };
}
