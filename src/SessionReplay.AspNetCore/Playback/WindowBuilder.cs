using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Wire;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>Collects what a page of a manifest says of one window, chunk by chunk in the order of seq.</summary>
/// <param name="session">The session.</param>
/// <param name="window">The window.</param>
/// <param name="offset">The window's clock offset.</param>
/// <param name="next">The seq that comes first in this page if none is missing.</param>
internal sealed class WindowBuilder(SessionRow session, WindowId window, long offset, long next)
{
    /// <summary>By how much the clock of a page may be set while it is recorded, in ms: a day.</summary>
    private const long MaxClockChange = 24 * 60 * 60 * 1000;

    private readonly string _id = window.ToString();
    private readonly List<ChunkJson> _chunks = [];
    private readonly List<long[]> _missing = [];
    private PageFacts? _first;
    private bool _closed;

    public WindowId Window => window;

    /// <summary>The catalog has clamped the session's times; those of its parts lie about there. A page whose clock is set moves them by what it was set by.</summary>
    public static long Within(SessionRow session, long time) => Math.Clamp(time, session.StartedAt - MaxClockChange, session.LastActivityAt + MaxClockChange);

    public void Add(ChunkRow chunk, ChunkFacts facts, List<MarkerJson> markers)
    {
        if (chunk.Seq > next)
        {
            _missing.Add([next, chunk.Seq - 1L]);
        }

        next = chunk.Seq + 1L;
        _closed = chunk.Flags.HasFlag(ChunkFlags.LastOfWindow);
        _first ??= facts.Pages.FirstOrDefault() ?? (facts.EntryUrl.Length > 0 ? new PageFacts { Url = facts.EntryUrl, Title = facts.Title } : null);
        markers.AddRange(facts.Markers.Select(m => new MarkerJson(Within(session, (long)m.Time + offset), _id, m.Kind, m.Label)));
        var from = Within(session, chunk.FirstTime + offset);
        _chunks.Add(new ChunkJson(
            chunk.Seq, from, Within(session, chunk.LastTime + offset), chunk.EventCount, chunk.Location.Length, chunk.Flags.HasFlag(ChunkFlags.FullSnapshot),
            facts.Activity?.Spans.Chunk(2).Where(span => span.Length == 2).Select(span => new[] { Within(session, from + span[0]), Within(session, from + span[1]) }).ToList()));
    }

    public WindowJson Build() => new(_id, offset, _chunks.Min(c => c.From), _chunks.Max(c => c.To), _first?.Url, _first?.Title, _closed, _chunks, _missing);
}
