using SessionReplay.Catalog;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>One bound of what a request takes.</summary>
/// <param name="Code">What it is refused with.</param>
/// <param name="Name">The quota's name in the catalog.</param>
/// <param name="Limit">The bound.</param>
internal readonly record struct QuotaScope(string Code, string Name, QuotaLimit Limit);
