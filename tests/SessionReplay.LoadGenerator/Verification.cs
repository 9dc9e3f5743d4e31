namespace SessionReplay.LoadGenerator;

/// <summary>What a verification found.</summary>
public sealed record Verification(int Sent, int Requests, int Acknowledged, int Found, int Duplicates, IReadOnlyList<BatchName> Missing, IReadOnlyList<BatchName> Different)
{
    /// <summary>Whether every acknowledged batch is in the recordings, exactly once and with its own events, and nothing that was never sent.</summary>
    public bool Holds => Missing.Count == 0 && Different.Count == 0 && Duplicates == 0;

    public override string ToString() =>
        $"batches sent {Sent} in {Requests} requests, acknowledged {Acknowledged}, found {Found}, duplicates {Duplicates}, missing {Missing.Count}, different {Different.Count}";
}
