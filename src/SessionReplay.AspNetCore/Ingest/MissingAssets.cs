namespace SessionReplay.AspNetCore.Ingest;

/// <summary>The answer of <c>v1/sessions/{id}/assets/missing</c>.</summary>
/// <param name="Missing">The hashes of which the server has no asset.</param>
internal sealed record MissingAssets(IReadOnlyList<string> Missing);
