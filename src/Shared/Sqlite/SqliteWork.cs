namespace SessionReplay.Sqlite;

/// <summary>What a kind of file adds to its writer. The writer's thread calls these, one at a time.</summary>
/// <typeparam name="T">What its operations work on.</typeparam>
internal abstract class SqliteWork<T>
    where T : class
{
    /// <summary>Gets whether an operation that fails by itself may have written before.</summary>
    public virtual bool MayFailHalfway => true;

    /// <summary>Makes what operations work on, over a new connection.</summary>
    public abstract T Open(SqliteStatements sql);

    /// <summary>Called in each transaction before its operations.</summary>
    public virtual void Begin(T tables)
    {
    }

    /// <summary>Called when a transaction is on the disk, before its callers hear of it.</summary>
    public virtual void Committed(T tables, int operations, TimeSpan time)
    {
    }

    /// <summary>Called when a transaction failed; what it held is rolled back.</summary>
    public virtual void Failed(int operations, string reason, Exception error)
    {
    }

    /// <summary>Called while nothing waits, outside of a transaction.</summary>
    /// <returns>Whether there is more to do.</returns>
    public virtual bool Tidy(T tables) => false;

    /// <summary>Called in a transaction of its own before the connection is closed for good.</summary>
    public virtual void End(T tables)
    {
    }

    /// <summary>Called when the connection is closed for good.</summary>
    public virtual void Closed()
    {
    }

    /// <summary>Makes the error for callers when the file did not confirm.</summary>
    public abstract Exception Unavailable(string reason, Exception error);

    /// <summary>Makes the error for the caller of an operation that failed by itself.</summary>
    /// <returns>The error; <see langword="null"/> when the whole transaction failed.</returns>
    public abstract Exception? Refused(Exception error);
}
