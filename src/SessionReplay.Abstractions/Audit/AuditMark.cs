namespace SessionReplay.Audit;

/// <summary>Names a row of the audit log by its number and hash: the last of the rows that were removed because of their age.</summary>
/// <param name="Number">The row's number; 0 when nothing was removed.</param>
/// <param name="Hash">The row's hash, 32 bytes; zeros when nothing was removed.</param>
public sealed record AuditMark(long Number, ReadOnlyMemory<byte> Hash)
{
    /// <summary>The <see cref="AuditEntry.Action"/> of the row that says up to which row the log was removed.</summary>
    public const string Action = "audit.expire";

    /// <summary>Gets the mark of a log from which nothing was removed.</summary>
    public static AuditMark None { get; } = new(0, new byte[AuditChain.HashSize]);

    private string Detail => $"through={Number} hash={Convert.ToHexStringLower(Hash.Span)}";

    /// <summary>
    /// Makes the entry that an audit log appends when it removes rows, so that its own chain vouches for where it begins.
    /// </summary>
    /// <param name="at">When they are removed.</param>
    /// <returns>The entry.</returns>
    public AuditEntry ToEntry(DateTimeOffset at) =>
        new() { At = at, Actor = "session-replay", Action = Action, Allowed = true, Detail = Detail };

    /// <summary>Checks whether an entry says that the rows up to this one were removed.</summary>
    /// <param name="entry">An entry of the log.</param>
    /// <returns>Whether it does.</returns>
    public bool IsNotedBy(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.Action == Action && entry.Detail == Detail;
    }
}
