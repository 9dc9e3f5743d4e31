namespace SessionReplay.LoadGenerator;

/// <summary>What a verification found.</summary>
/// <param name="Sent">Batches that left a visitor.</param>
/// <param name="Requests">Requests they took.</param>
/// <param name="Acknowledged">Batches that were answered with 202.</param>
/// <param name="Found">Batches in the recordings.</param>
/// <param name="Duplicates">How often a batch is in a recording once more than it should.</param>
/// <param name="Missing">Batches that were acknowledged and are in no recording.</param>
/// <param name="Different">Batches of a recording that hold other events than were sent, or were never sent.</param>
/// <param name="Miscounted">Sessions whose own counts of chunks or events differ from what is in their recording: something was counted
/// twice or not at all.</param>
public sealed record Verification(
    int Sent, int Requests, int Acknowledged, int Found, int Duplicates, IReadOnlyList<BatchName> Missing,
    IReadOnlyList<BatchName> Different, IReadOnlyList<Guid> Miscounted)
{
    /// <summary>
    /// Whether every acknowledged batch is in the recordings, exactly once and with its own events, and nothing that was never sent.
    /// </summary>
    public bool Holds => Missing.Count == 0 && Different.Count == 0 && Duplicates == 0 && Miscounted.Count == 0;

    public override string ToString() =>
        $"batches sent {Sent} in {Requests} requests, acknowledged {Acknowledged}, found {Found}, duplicates {Duplicates}, missing {Missing.Count}, "
        + $"different {Different.Count}, sessions miscounted {Miscounted.Count}";
}
