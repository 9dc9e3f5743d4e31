using System.Globalization;
using SessionReplay.Catalog;
using SessionReplay.Keys;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>Collects one page of a manifest, chunk by chunk.</summary>
/// <param name="session">The session.</param>
/// <param name="after">Where the page before ended; <see langword="null"/> for the first.</param>
/// <param name="maxChunks">How many chunks the page has at most.</param>
/// <param name="maxMarkers">How many markers all pages have together.</param>
/// <param name="fields">Opens the session's sealed fields.</param>
internal sealed class ManifestPage(SessionRow session, ChunkCursor? after, int maxChunks, int maxMarkers, IFieldProtector fields)
{
    private readonly List<WindowBuilder> _windows = [];
    private List<MarkerJson> _markers = [];
    private bool _truncated;
    private int _chunks;
    private ChunkCursor? _last;
    private WindowId? _next;

    /// <summary>Takes the next chunk.</summary>
    /// <returns><see langword="false"/> when the page is full; the chunk then belongs to the next page.</returns>
    public bool TryAdd(ChunkRow chunk)
    {
        if (_chunks == maxChunks)
        {
            _next = chunk.Window;
            return false;
        }

        if (_windows.Count == 0 || _windows[^1].Window != chunk.Window)
        {
            _windows.Add(new(session.Session, chunk, after is { } end && end.Window == chunk.Window ? end.Seq + 1L : 0, fields));
        }

        _windows[^1].Add(chunk, _markers);
        _chunks++;
        _last = new(chunk.Window, chunk.Seq);
        if (_markers.Count > 2 * maxMarkers)
        {
            Thin(maxMarkers);
        }

        return true;
    }

    public ManifestJson Build(SessionJson json)
    {
        // A page has the share of the session's markers that it has of its chunks.
        Thin(Math.Max(1, (int)Math.Min(maxMarkers, (long)maxMarkers * _chunks / Math.Max(1, session.Chunks))));
        var windows = _windows.Select(window => window.Build(goesOn: window.Window == _next)).OrderBy(window => window.From);
        return new(json, [.. windows], _markers, _truncated, _next is null ? null : Write(_last!.Value));
    }

    /// <summary>Reads a cursor as <see cref="ManifestJson.NextCursor"/> has it.</summary>
    public static bool TryRead(string? text, out ChunkCursor? cursor)
    {
        cursor = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        if (text.Split('.', 3) is not [var window, var seq] || !WindowId.TryParse(window, out var id)
            || !uint.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        cursor = new(id, number);
        return true;
    }

    private static string Write(ChunkCursor cursor) => string.Create(CultureInfo.InvariantCulture, $"{cursor.Window}.{cursor.Seq}");

    private void Thin(int limit)
    {
        _truncated |= _markers.Count > limit;
        _markers = [.. MarkerSelection.Keep(_markers, limit)];
    }
}
