namespace SessionReplay.Catalog;

/// <summary>What a catalog knows of the time.</summary>
/// <param name="Server">The time of the database's server; <see langword="null"/> where the catalog has no server of its own.</param>
/// <param name="LastReceived">When the last batch of the tenant was received; <see langword="null"/> when it has no sessions.</param>
public readonly record struct CatalogClock(DateTimeOffset? Server, DateTimeOffset? LastReceived);
