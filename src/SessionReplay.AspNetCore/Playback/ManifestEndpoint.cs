using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Facts;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Wire;

namespace SessionReplay.AspNetCore.Playback;

/// <summary><c>GET api/tenants/{tenant}/sessions/{id}</c> and <c>…/manifest</c>: what is known of a session without its events.</summary>
internal sealed class ManifestEndpoint(
    SessionFinder sessions, [Guarded] ICatalogReader catalog, ISessionCipherProvider ciphers, IOptions<SessionReplayOptions> options)
{
    private readonly int _maxMarkers = options.Value.Playback.MaxMarkers;

    public async ValueTask<IResult> DetailAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (await sessions.FindAsync(context, cancellationToken).ConfigureAwait(false) is not { } row)
        {
            return PlaybackProblem.NotFound();
        }

        using var opened = await ciphers.OpenFieldsAsync(row.Session.Tenant, [row.Session.Session], cancellationToken).ConfigureAwait(false);
        var fields = opened.Of(row.Session.Session);
        var pages = new List<PageJson>();
        var damaged = 0;
        var sanitized = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var chunk in await catalog.ListChunksAsync(row.Session, cancellationToken).ConfigureAwait(false))
        {
            if (fields.TryOpenFacts(row.Session, chunk) is not { } facts)
            {
                damaged++;
                continue;
            }

            pages.AddRange(facts.Pages.Select(p => new PageJson((long)p.Time + chunk.ClockOffset, chunk.Window.ToString(), p.Url, p.Title)));
            foreach (var (rule, count) in facts.Sanitized)
            {
                sanitized[rule] = sanitized.GetValueOrDefault(rule) + count;
            }
        }

        pages.Sort((a, b) => a.Time.CompareTo(b.Time));
        return Results.Json(new SessionDetailJson(SessionJsonMapper.Map(row, fields), pages, sanitized, damaged), PlaybackJson.Default.SessionDetailJson);
    }

    public async ValueTask<IResult> ManifestAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (await sessions.FindAsync(context, cancellationToken).ConfigureAwait(false) is not { } row)
        {
            return PlaybackProblem.NotFound();
        }

        using var opened = await ciphers.OpenFieldsAsync(row.Session.Tenant, [row.Session.Session], cancellationToken).ConfigureAwait(false);
        var fields = opened.Of(row.Session.Session);
        var chunks = await catalog.ListChunksAsync(row.Session, cancellationToken).ConfigureAwait(false);
        var windows = new List<WindowJson>();
        var markers = new List<MarkerJson>();
        foreach (var window in chunks.GroupBy(c => c.Window))
        {
            windows.Add(Window(row.Session, [.. window], fields, markers));
        }

        windows.Sort((a, b) => a.From.CompareTo(b.From));
        var kept = MarkerSelection.Keep(markers, _maxMarkers);
        return new GzipJsonResult<ManifestJson>(
            new(SessionJsonMapper.Map(row, fields), windows, kept, kept.Count < markers.Count), PlaybackJson.Default.ManifestJson);
    }

    private static WindowJson Window(SessionRef session, IReadOnlyList<ChunkRow> chunks, IFieldProtector fields, List<MarkerJson> markers)
    {
        var id = chunks[0].Window.ToString();
        var offset = chunks[0].ClockOffset;
        PageFacts? first = null;
        var rows = new List<ChunkJson>(chunks.Count);
        foreach (var chunk in chunks)
        {
            if (fields.TryOpenFacts(session, chunk) is not { } facts)
            {
                rows.Add(ChunkJson.Damaged(chunk.Seq, chunk.FirstTime + offset, chunk.LastTime + offset));
                continue;
            }

            first ??= facts.Pages.FirstOrDefault() ?? (facts.EntryUrl.Length > 0 ? new PageFacts { Url = facts.EntryUrl, Title = facts.Title } : null);
            markers.AddRange(facts.Markers.Select(m => new MarkerJson((long)m.Time + offset, id, m.Kind, m.Label)));
            rows.Add(Chunk(chunk.Seq, facts, offset));
        }

        var end = fields.TryOpenWindowEnd(session, chunks[0]);
        return new(
            id, offset, rows.Min(c => c.From), rows.Max(c => c.To), first?.Url, first?.Title, end?.Closed ?? false, rows, Missing(chunks, end?.Count ?? 0),
            end is null ? WindowJson.EndDamaged : null);
    }

    /// <summary>Times, counts and flags are taken from the facts, which are authentic, and not from the columns beside them.</summary>
    private static ChunkJson Chunk(uint seq, ChunkFacts facts, long offset)
    {
        var from = facts.FirstTime + offset;
        return new(
            seq, from, facts.LastTime + offset, facts.EventCount, (long)facts.ChunkLength, ((ChunkFlags)facts.Flags).HasFlag(ChunkFlags.FullSnapshot),
            facts.Activity?.Spans.Chunk(2).Where(span => span.Length == 2).Select(span => new[] { from + span[0], from + span[1] }).ToList(), null);
    }

    /// <summary>Finds the ranges of seq that are not there, from 0 to the authenticated end.</summary>
    private static List<long[]> Missing(IReadOnlyList<ChunkRow> chunks, long count)
    {
        var missing = new List<long[]>();
        long next = 0;
        foreach (var chunk in chunks)
        {
            if (chunk.Seq > next)
            {
                missing.Add([next, chunk.Seq - 1L]);
            }

            next = chunk.Seq + 1L;
        }

        if (next < count)
        {
            missing.Add([next, count - 1]);
        }

        return missing;
    }
}
