using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.AspNetCore.Worker;
using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Wire;

namespace SessionReplay.AspNetCore.Playback;

/// <summary><c>GET api/sessions/{id}</c> and <c>…/manifest</c>: what is known of a session without its events.</summary>
internal sealed class ManifestEndpoint(
    SessionFinder sessions, [Guarded] ICatalogReader catalog, ITenantCipherProvider ciphers, IOptions<SessionReplayOptions> options)
{
    private const int ReadSize = 100;

    /// <summary>Pages that a session's details list.</summary>
    private const int MaxPages = 2_000;

    private readonly int _maxMarkers = options.Value.Playback.MaxMarkers;
    private readonly int _pageSize = options.Value.Playback.ManifestChunks;

    public async ValueTask<IResult> DetailAsync(HttpContext context, string id, CancellationToken cancellationToken)
    {
        if (await sessions.FindAsync(context, id, cancellationToken).ConfigureAwait(false) is not { } row)
        {
            return PlaybackProblem.NotFound();
        }

        using var protector = await ciphers.GetFieldProtectorAsync(row.Session.Tenant, cancellationToken).ConfigureAwait(false);
        var pages = new List<PageJson>();
        var sanitized = new SortedDictionary<string, long>(StringComparer.Ordinal);
        await foreach (var chunk in ReadAsync(row.Session, null, int.MaxValue, cancellationToken).ConfigureAwait(false))
        {
            var facts = OpenFacts(row.Session, chunk, protector);
            pages.AddRange(facts.Pages.Take(MaxPages - pages.Count).Select(p => new PageJson(WindowBuilder.Within(row, (long)p.Time + chunk.ClockOffset), chunk.Window.ToString(), p.Url, p.Title)));
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

        if (!TryCursor(context.Request.Query["cursor"].FirstOrDefault(), out var after))
        {
            return PlaybackProblem.BadQuery("cursor", "the next of the page before");
        }

        using var protector = await ciphers.GetFieldProtectorAsync(row.Session.Tenant, cancellationToken).ConfigureAwait(false);
        var windows = new List<WindowBuilder>();
        var markers = new List<MarkerJson>();
        var (room, last) = (_pageSize, after);
        await foreach (var chunk in ReadAsync(row.Session, after, _pageSize, cancellationToken).ConfigureAwait(false))
        {
            if (windows.Count == 0 || windows[^1].Window != chunk.Window)
            {
                windows.Add(new(row, chunk.Window, chunk.ClockOffset, after is { } end && end.Window == chunk.Window ? end.Seq + 1L : 0));
            }

            windows[^1].Add(chunk, OpenFacts(row.Session, chunk, protector), markers);
            // Thinned on the way: each chunk may have hundreds.
            markers = markers.Count > 2 * _maxMarkers ? [.. MarkerSelection.Keep(markers, _maxMarkers)] : markers;
            (room, last) = (room - 1, new(chunk.Window, chunk.Seq));
        }

        // The share of the markers that this page has of the session's.
        var share = Math.Max(1, (int)Math.Min(_maxMarkers, (long)_maxMarkers * (_pageSize - room) / Math.Max(1, row.Chunks)));
        var kept = MarkerSelection.Keep(markers, share);
        return new GzipJsonResult<ManifestJson>(
            new(
                SessionJsonMapper.Map(row, protector), [.. windows.Select(window => window.Build()).OrderBy(window => window.From)], kept, kept.Count < markers.Count,
                room == 0 && last is { } next ? $"{next.Window}.{next.Seq}" : null),
            PlaybackJson.Default.ManifestJson);
    }

    /// <summary>Reads chunks a few at a time: each brings its facts.</summary>
    private async IAsyncEnumerable<ChunkRow> ReadAsync(
        SessionRef session, ChunkCursor? after, int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var left = limit; left > 0;)
        {
            var rows = await catalog.ListChunksAsync(session, after, Math.Min(ReadSize, left), cancellationToken).ConfigureAwait(false);
            foreach (var row in rows)
            {
                yield return row;
            }

            if (rows.Count < Math.Min(ReadSize, left))
            {
                yield break;
            }

            left -= rows.Count;
            after = new(rows[^1].Window, rows[^1].Seq);
        }
    }

    private static bool TryCursor(string? text, out ChunkCursor? after)
    {
        after = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        if (text.Split('.') is not [var window, var seq] || !WindowId.TryParse(window, out var id)
            || !uint.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        after = new(id, number);
        return true;
    }

    private static ChunkFacts OpenFacts(SessionRef session, ChunkRow chunk, IFieldProtector protector) => ChunkFacts.Parser.ParseFrom(protector.Open(
        MessageReader.FactsField,
        MessageReader.Owner(new(session.Tenant, session.Session, chunk.Window, chunk.Seq)),
        chunk.SealedFacts.Span));
}
