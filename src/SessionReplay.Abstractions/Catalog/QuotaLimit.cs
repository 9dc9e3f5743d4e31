namespace SessionReplay.Catalog;

/// <summary>The bound of a quota.</summary>
/// <param name="Max">How much may be used in a period.</param>
/// <param name="Period">How long a period is.</param>
public readonly record struct QuotaLimit(long Max, TimeSpan Period);
