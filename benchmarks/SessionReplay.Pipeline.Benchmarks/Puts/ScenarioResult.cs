namespace SessionReplay.Pipeline.Benchmarks.Puts;

/// <summary>What a scenario took.</summary>
/// <param name="Counts">Requests to the store from the first batch until all sessions were compacted.</param>
/// <param name="CatalogBytes">What the catalog's file took before the sessions ended.</param>
/// <param name="StoredBytes">Bytes of the objects at the end.</param>
/// <param name="Objects">Objects at the end.</param>
internal sealed record ScenarioResult(StoreCounts Counts, long CatalogBytes, long StoredBytes, int Objects);
