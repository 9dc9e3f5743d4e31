namespace SessionReplay.LoadGenerator;

/// <summary>What the synthetic visitors do.</summary>
public sealed record LoadOptions
{
    /// <summary>
    /// Where batches are posted, prefix included, for instance <c>http://127.0.0.1:5000/session-replay</c>. A visitor goes to the next one
    /// when one fails.
    /// </summary>
    public required IReadOnlyList<string> Ingest { get; init; }

    /// <summary>The write key.</summary>
    public required string WriteKey { get; init; }

    /// <summary>How many visitors act at the same time. The default value is 20.</summary>
    public int Visitors { get; init; } = 20;

    /// <summary>How many events a batch has at most. The default value is 100, as of a recorder.</summary>
    public int EventsPerBatch { get; init; } = 100;

    /// <summary>The mean time between two batches of a visitor. The default value is one second.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a batch is posted at most before the run fails. The default value is 600.</summary>
    public int MaxAttempts { get; init; } = 600;
}
