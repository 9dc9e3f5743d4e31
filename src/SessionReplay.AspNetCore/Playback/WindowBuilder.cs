using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Facts;
using SessionReplay.Wire;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>Collects what a page of a manifest says of one window, chunk by chunk in the order of seq.</summary>
/// <param name="session">The session.</param>
/// <param name="first">The window's first chunk in this page.</param>
/// <param name="next">The seq that comes first in this page if none is missing.</param>
/// <param name="fields">Opens the session's sealed fields.</param>
internal sealed class WindowBuilder(SessionRef session, ChunkRow first, long next, IFieldProtector fields)
{
    private readonly string _id = first.Window.ToString();
    private readonly long _offset = first.ClockOffset;
    private readonly List<ChunkJson> _chunks = [];
    private readonly List<long[]> _missing = [];
    private PageFacts? _page;

    public WindowId Window => first.Window;

    public void Add(ChunkRow chunk, List<MarkerJson> markers)
    {
        if (chunk.Seq > next)
        {
            _missing.Add([next, chunk.Seq - 1L]);
        }

        next = chunk.Seq + 1L;
        if (fields.TryOpenFacts(session, chunk) is not { } facts)
        {
            _chunks.Add(ChunkJson.Damaged(chunk.Seq, chunk.FirstTime + _offset, chunk.LastTime + _offset));
            return;
        }

        _page ??= facts.Pages.FirstOrDefault()
            ?? (facts.EntryUrl.Length > 0 ? new PageFacts { Url = facts.EntryUrl, Title = facts.Title } : null);
        markers.AddRange(facts.Markers.Select(m => new MarkerJson((long)m.Time + _offset, _id, m.Kind, m.Label)));
        _chunks.Add(Chunk(chunk.Seq, facts));
    }

    /// <summary>Ends the window's part of the page.</summary>
    /// <param name="goesOn">Whether the next page has more chunks of it. Else what is missing at its end, by its authenticated count, is
    /// missing.</param>
    public WindowJson Build(bool goesOn)
    {
        var end = fields.TryOpenWindowEnd(session, first);
        if (!goesOn && next < end?.Count)
        {
            _missing.Add([next, end.Value.Count - 1L]);
        }

        return new(
            _id, _offset, _chunks.Min(c => c.From), _chunks.Max(c => c.To), _page?.Url, _page?.Title, end?.Closed ?? false, _chunks,
            _missing,
            end is null ? WindowJson.EndDamaged : null);
    }

    /// <summary>Times, counts and flags are taken from the facts, which are authentic, and not from the columns beside them.</summary>
    private ChunkJson Chunk(uint seq, ChunkFacts facts)
    {
        var from = facts.FirstTime + _offset;
        return new(
            seq, from, facts.LastTime + _offset, facts.EventCount, (long)facts.ChunkLength,
            ((ChunkFlags)facts.Flags).HasFlag(ChunkFlags.FullSnapshot),
            facts.Activity?.Spans.Chunk(2).Where(span => span.Length == 2).Select(span => new[] { from + span[0], from + span[1] })
                .ToList(), null);
    }
}
