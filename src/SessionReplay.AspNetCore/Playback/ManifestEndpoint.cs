using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Ingest;
using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Facts;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.AspNetCore.Playback;

/// <summary><c>GET api/tenants/{tenant}/sessions/{id}</c> and <c>…/manifest</c>: what is known of a session without its events.</summary>
internal sealed class ManifestEndpoint(
    SessionFinder sessions, [Guarded] ICatalogReader catalog, ISessionCipherProvider ciphers, LiveViews views, ViewTickets tickets,
    IOptions<PlaybackOptions> options)
{
    /// <summary>Chunks that are in memory with their sealed facts at a time.</summary>
    private const int ReadSize = 100;

    /// <summary>Page views that a session's details list.</summary>
    private const int MaxPageViews = 2_000;

    private readonly PlaybackOptions _options = options.Value;

    public async ValueTask<IResult> DetailAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (await sessions.FindAsync(context, cancellationToken).ConfigureAwait(false) is not { } row)
        {
            return PlaybackProblem.NotFound();
        }

        using var opened = await ciphers.OpenFieldsAsync(row.Session.Tenant, [row.Session.Session], cancellationToken)
            .ConfigureAwait(false);
        var fields = opened.Of(row.Session.Session);
        tickets.Accept(context, row.Session, fields);
        var pages = new List<PageJson>();
        var (damaged, truncated) = (0, false);
        var sanitized = new SortedDictionary<string, long>(StringComparer.Ordinal);
        await foreach (var chunk in catalog.ReadChunksAsync(row.Session, null, ReadSize, cancellationToken).ConfigureAwait(false))
        {
            if (fields.TryOpenFacts(row.Session, chunk) is not { } facts)
            {
                damaged++;
                continue;
            }

            truncated |= pages.Count + facts.Pages.Count > MaxPageViews;
            pages.AddRange(facts.Pages.Take(MaxPageViews - pages.Count)
                .Select(p => new PageJson((long)p.Time + chunk.ClockOffset, chunk.Window.ToString(), p.Url, p.Title)));
            foreach (var (rule, count) in facts.Sanitized)
            {
                sanitized[rule] = sanitized.GetValueOrDefault(rule) + count;
            }
        }

        pages.Sort((a, b) => a.Time.CompareTo(b.Time));
        return Results.Json(
            new SessionDetailJson(SessionJsonMapper.Map(row, fields), pages, truncated, sanitized, damaged),
            PlaybackJson.Default.SessionDetailJson);
    }

    public async ValueTask<IResult> ManifestAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (await sessions.FindAsync(context, cancellationToken).ConfigureAwait(false) is not { } row)
        {
            return PlaybackProblem.NotFound();
        }

        if (!ManifestPage.TryRead(context.Request.Query["cursor"].FirstOrDefault(), out var after))
        {
            return PlaybackProblem.BadQuery("cursor", "the nextCursor of the page before");
        }

        using var opened = await ciphers.OpenFieldsAsync(row.Session.Tenant, [row.Session.Session], cancellationToken)
            .ConfigureAwait(false);
        if (row.EndedAt is null)
        {
            views.Note(row.Session);
        }

        var fields = opened.Of(row.Session.Session);
        var page = new ManifestPage(row, after, _options.ManifestChunks, _options.MaxMarkers, fields);
        await foreach (var chunk in catalog.ReadChunksAsync(row.Session, after, ReadSize, cancellationToken).ConfigureAwait(false))
        {
            if (!page.TryAdd(chunk))
            {
                break;
            }
        }

        var manifest = page.Build(SessionJsonMapper.Map(row, fields));
        return new GzipJsonResult<ManifestJson>(
            manifest with { View = ViewOf(context, row, manifest, fields) }, PlaybackJson.Default.ManifestJson);
    }

    /// <returns>The request's ticket, or a new one if this request begins a view: its audit row then says what the view covers.</returns>
    private string ViewOf(HttpContext context, SessionRow row, ManifestJson manifest, IFieldProtector fields)
    {
        if (tickets.Accept(context, row.Session, fields) is { } ticket)
        {
            return ticket;
        }

        context.Features.Set(new AuditNote { Detail = ViewDetail.Of(row, manifest) });
        return tickets.Issue(context, row.Session, fields);
    }
}
