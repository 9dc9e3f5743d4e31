namespace SessionReplay.Catalog;

/// <summary>What was taken from a quota.</summary>
/// <param name="Granted">How much, from 0 to what was wanted.</param>
/// <param name="EndsAt">When the period ends and the whole quota is there again.</param>
public readonly record struct QuotaGrant(long Granted, DateTimeOffset EndsAt);
