using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.AspNetCore.Worker;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Wire;

namespace SessionReplay.AspNetCore.Playback;

/// <summary><c>GET api/sessions/{id}</c> and <c>…/manifest</c>: what is known of a session without its events.</summary>
internal sealed class ManifestEndpoint(
    SessionFinder sessions, [Guarded] ICatalogReader catalog, ITenantCipherProvider ciphers, IOptions<SessionReplayOptions> options)
{
    /// <summary>By how much the clock of a page may be set while it is recorded, in ms: a day.</summary>
    private const long MaxClockChange = 24 * 60 * 60 * 1000;

    private readonly int _maxMarkers = options.Value.Playback.MaxMarkers;

    public async ValueTask<IResult> DetailAsync(HttpContext context, string id, CancellationToken cancellationToken)
    {
        if (await sessions.FindAsync(context, id, cancellationToken).ConfigureAwait(false) is not { } row)
        {
            return PlaybackProblem.NotFound();
        }

        using var protector = await ciphers.GetFieldProtectorAsync(row.Session.Tenant, cancellationToken).ConfigureAwait(false);
        var pages = new List<PageJson>();
        var sanitized = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var chunk in await catalog.ListChunksAsync(row.Session, cancellationToken).ConfigureAwait(false))
        {
            var facts = OpenFacts(row.Session, chunk, protector);
            pages.AddRange(facts.Pages.Select(p => new PageJson(Within(row, (long)p.Time + chunk.ClockOffset), chunk.Window.ToString(), p.Url, p.Title)));
            foreach (var (rule, count) in facts.Sanitized)
            {
                sanitized[rule] = sanitized.GetValueOrDefault(rule) + count;
            }
        }

        pages.Sort((a, b) => a.Time.CompareTo(b.Time));
        return Results.Json(new SessionDetailJson(SessionJsonMapper.Map(row, protector), pages, sanitized), PlaybackJson.Default.SessionDetailJson);
    }

    public async ValueTask<IResult> ManifestAsync(HttpContext context, string id, CancellationToken cancellationToken)
    {
        if (await sessions.FindAsync(context, id, cancellationToken).ConfigureAwait(false) is not { } row)
        {
            return PlaybackProblem.NotFound();
        }

        using var protector = await ciphers.GetFieldProtectorAsync(row.Session.Tenant, cancellationToken).ConfigureAwait(false);
        var chunks = await catalog.ListChunksAsync(row.Session, cancellationToken).ConfigureAwait(false);
        var windows = new List<WindowJson>();
        var markers = new List<MarkerJson>();
        foreach (var window in chunks.GroupBy(c => c.Window))
        {
            windows.Add(Window(row, [.. window], protector, markers));
        }

        windows.Sort((a, b) => a.From.CompareTo(b.From));
        var kept = MarkerSelection.Keep(markers, _maxMarkers);
        return new GzipJsonResult<ManifestJson>(
            new(SessionJsonMapper.Map(row, protector), windows, kept, kept.Count < markers.Count), PlaybackJson.Default.ManifestJson);
    }

    private static WindowJson Window(SessionRow session, IReadOnlyList<ChunkRow> chunks, IFieldProtector protector, List<MarkerJson> markers)
    {
        var id = chunks[0].Window.ToString();
        var offset = chunks[0].ClockOffset;
        PageFacts? first = null;
        var rows = new List<ChunkJson>(chunks.Count);
        foreach (var chunk in chunks)
        {
            var facts = OpenFacts(session.Session, chunk, protector);
            first ??= facts.Pages.FirstOrDefault() ?? (facts.EntryUrl.Length > 0 ? new PageFacts { Url = facts.EntryUrl, Title = facts.Title } : null);
            markers.AddRange(facts.Markers.Select(m => new MarkerJson(Within(session, (long)m.Time + offset), id, m.Kind, m.Label)));
            var from = Within(session, chunk.FirstTime + offset);
            rows.Add(new ChunkJson(
                chunk.Seq, from, Within(session, chunk.LastTime + offset), chunk.EventCount, chunk.Location.Length, chunk.Flags.HasFlag(ChunkFlags.FullSnapshot),
                facts.Activity?.Spans.Chunk(2).Where(span => span.Length == 2).Select(span => new[] { Within(session, from + span[0]), Within(session, from + span[1]) }).ToList()));
        }

        return new(
            id,
            offset,
            rows.Min(c => c.From),
            rows.Max(c => c.To),
            first?.Url,
            first?.Title,
            chunks[^1].Flags.HasFlag(ChunkFlags.LastOfWindow),
            rows,
            Missing(chunks));
    }

    /// <summary>The catalog has clamped the session's times; those of its parts lie about there. A page whose clock is set moves them by what it was set by.</summary>
    private static long Within(SessionRow session, long time) => Math.Clamp(time, session.StartedAt - MaxClockChange, session.LastActivityAt + MaxClockChange);

    /// <summary>Finds the ranges of seq that are not there, from 0 to the greatest that is.</summary>
    private static List<long[]> Missing(IReadOnlyList<ChunkRow> chunks)
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

        return missing;
    }

    private static ChunkFacts OpenFacts(SessionRef session, ChunkRow chunk, IFieldProtector protector) => ChunkFacts.Parser.ParseFrom(protector.Open(
        MessageReader.FactsField,
        MessageReader.Owner(new(session.Tenant, session.Session, chunk.Window, chunk.Seq)),
        chunk.SealedFacts.Span));
}
