namespace SessionReplay.Catalog;

/// <summary>How much room a catalog has for the chunks of sessions that are arriving.</summary>
/// <param name="UsedBytes">What the chunks that it holds take, in bytes: only what comes back when sessions have left it.</param>
/// <param name="MaxBytes">The size at which no more is to be recorded until sessions have left for the blob store.</param>
public readonly record struct CatalogSpace(long UsedBytes, long MaxBytes)
{
    /// <summary>Gets whether no more is to be recorded.</summary>
    public bool IsFull => UsedBytes >= MaxBytes;
}
