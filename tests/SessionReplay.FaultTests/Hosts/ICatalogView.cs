namespace SessionReplay.FaultTests.Hosts;

/// <summary>Looks into a catalog behind everybody's back.</summary>
internal interface ICatalogView
{
    Task<long> CountChunksAsync();

    /// <summary>How many of the sessions have no recording object yet.</summary>
    Task<int> CountNotCompactedAsync(IReadOnlyCollection<Guid> sessions);

    /// <summary>Of how many chunks of the sessions the catalog holds the bytes.</summary>
    Task<int> CountHeldAsync(IReadOnlyCollection<Guid> sessions);
}
