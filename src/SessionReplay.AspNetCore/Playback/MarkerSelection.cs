namespace SessionReplay.AspNetCore.Playback;

/// <summary>
/// Keeps a manifest's markers within a bound: where there are too many, the rarer kinds stay and the commonest are thinned.
/// </summary>
internal static class MarkerSelection
{
    public static IReadOnlyList<MarkerJson> Keep(IReadOnlyList<MarkerJson> markers, int limit)
    {
        var kept = new List<MarkerJson>(Math.Min(markers.Count, limit));
        foreach (var kind in markers.GroupBy(m => m.Kind).OrderBy(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal))
        {
            kept.AddRange(Thin([.. kind.OrderBy(m => m.Time)], limit - kept.Count));
        }

        kept.Sort((a, b) => a.Time.CompareTo(b.Time));
        return kept;
    }

    /// <summary>Takes markers from the whole of a session: its end is of no less interest than its begin.</summary>
    private static IEnumerable<MarkerJson> Thin(IReadOnlyList<MarkerJson> markers, int room) =>
        markers.Count <= room ? markers : Enumerable.Range(0, room).Select(i => markers[(int)((long)i * markers.Count / room)]);
}
