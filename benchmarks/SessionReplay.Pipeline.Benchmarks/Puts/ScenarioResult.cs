namespace SessionReplay.Pipeline.Benchmarks.Puts;

/// <summary>What a scenario took.</summary>
/// <param name="Live">Requests until every batch was stored.</param>
/// <param name="Compaction">Requests that made the recording objects.</param>
/// <param name="LiveBytes">Bytes in the store before compaction.</param>
/// <param name="FinalBytes">Bytes in the store after it.</param>
/// <param name="FinalObjects">Objects in the store after it.</param>
/// <param name="ReadBack">Chunks that were found where the catalog says, before and after compaction.</param>
internal sealed record ScenarioResult(
    StoreCounts Live, StoreCounts Compaction, long LiveBytes, long FinalBytes, int FinalObjects, int ReadBack);
