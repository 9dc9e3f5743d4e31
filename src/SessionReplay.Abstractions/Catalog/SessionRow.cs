namespace SessionReplay.Catalog;

/// <summary>A session as the catalog keeps it. Times are on the server's clock.</summary>
public sealed record SessionRow
{
    /// <summary>Gets the session.</summary>
    public required SessionRef Session { get; init; }

    /// <summary>Gets when the session's key was made, ms since the Unix epoch: the day of the blob path.</summary>
    public required long SessionStarted { get; init; }

    /// <summary>Gets the time of the first event, ms since the Unix epoch.</summary>
    public required long StartedAt { get; init; }

    /// <summary>Gets the time of the last event, ms since the Unix epoch.</summary>
    public required long LastActivityAt { get; init; }

    /// <summary>Gets when the last batch was received, ms since the Unix epoch.</summary>
    public required long LastReceivedAt { get; init; }

    /// <summary>Gets when the session was found to have ended, ms since the Unix epoch; <see langword="null"/> while it is live.</summary>
    public long? EndedAt { get; init; }

    /// <summary>Gets the key of the recording object once the session was compacted.</summary>
    public string? RecordingKey { get; init; }

    /// <summary>Gets the number of windows.</summary>
    public int Windows { get; init; }

    /// <summary>Gets the number of chunks.</summary>
    public int Chunks { get; init; }

    /// <summary>Gets the number of events.</summary>
    public long Events { get; init; }

    /// <summary>Gets the size of all chunks in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Gets the size of the chunks that the catalog holds, in bytes.</summary>
    public long HeldBytes { get; init; }

    /// <summary>Gets all that the chunks added up to; without <see cref="SessionDelta.Terms"/>.</summary>
    public required SessionDelta Totals { get; init; }

    /// <summary>
    /// Gets whether the row holds values that cannot be: it is shown as damaged, and nothing but its name and start is to be used.
    /// </summary>
    public bool IsDamaged { get; init; }
}
