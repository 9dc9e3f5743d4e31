using SessionReplay.Catalog;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>One bound of what a request takes.</summary>
/// <param name="Code">What it is refused with.</param>
/// <param name="Name">The quota's name in the catalog.</param>
/// <param name="Limit">The bound.</param>
/// <param name="Own">What each process gives by itself before it asks the catalog, so that what stays small costs no row there.</param>
internal readonly record struct QuotaScope(string Code, string Name, QuotaLimit Limit, long Own = 0);
