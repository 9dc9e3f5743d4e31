using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Facts;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.AspNetCore.Playback;

/// <summary><c>GET api/tenants/{tenant}/sessions/{id}</c> and <c>…/manifest</c>: what is known of a session without its events.</summary>
internal sealed class ManifestEndpoint(
    SessionFinder sessions, [Guarded] ICatalogReader catalog, ISessionCipherProvider ciphers, LiveWait live, ViewTickets tickets,
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

        if (!LiveWait.TryReadKnown(context.Request, out var known))
        {
            return PlaybackProblem.BadQuery("known", "the number of chunks in the session's last manifest");
        }

        using var opened = await ciphers.OpenFieldsAsync(row.Session.Tenant, [row.Session.Session], cancellationToken)
            .ConfigureAwait(false);
        var fields = opened.Of(row.Session.Session);
        var ticket = tickets.Accept(context, row.Session, fields);
        if (known is { } chunks)
        {
            var (news, isOver) = await live.WaitAsync(context, row, chunks, cancellationToken).ConfigureAwait(false);
            if (news is null)
            {
                return isOver ? Results.NoContent() : PlaybackProblem.NotFound();
            }

            row = news;
        }
        else
        {
            live.Note(row);
        }

        var manifest = await ReadAsync(row, after, fields, cancellationToken).ConfigureAwait(false);
        return new GzipJsonResult<ManifestJson>(
            manifest with { View = ticket ?? BeginView(context, row, manifest, fields) }, PlaybackJson.Default.ManifestJson);
    }

    private async ValueTask<ManifestJson> ReadAsync(
        SessionRow row, ChunkCursor? after, IFieldProtector fields, CancellationToken cancellationToken)
    {
        var page = new ManifestPage(row, after, _options.ManifestChunks, _options.MaxMarkers, fields);
        await foreach (var chunk in catalog.ReadChunksAsync(row.Session, after, ReadSize, cancellationToken).ConfigureAwait(false))
        {
            if (!page.TryAdd(chunk))
            {
                break;
            }
        }

        return page.Build(SessionJsonMapper.Map(row, fields));
    }

    /// <returns>A ticket. The request's audit row says what the view covers.</returns>
    private string BeginView(HttpContext context, SessionRow row, ManifestJson manifest, IFieldProtector fields)
    {
        context.Features.Set(new AuditNote { Detail = ViewDetail.Of(row, manifest) });
        return tickets.Issue(context, row.Session, fields);
    }
}
