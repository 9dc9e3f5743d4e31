using Microsoft.AspNetCore.Http;
using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Facts;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.AspNetCore.Playback;

/// <summary><c>GET api/sessions</c>: searches sessions.</summary>
internal sealed class SearchEndpoint(
    [Guarded] ICatalogReader catalog, ITenantCipherProvider tenantCiphers, ISessionCipherProvider sessionCiphers, PlaybackAccess access)
{
    private const int DefaultLimit = 50;

    public async ValueTask<IResult> HandleAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var parameters = new SearchParameters(context.Request.Query);
        var tenants = access.Tenants(context);
        var tenant = parameters.Text("tenant") is { } asked ? tenants.FirstOrDefault(t => t.Value == asked) : tenants.FirstOrDefault();
        if (tenant == default)
        {
            return PlaybackProblem.NotFound();
        }

        if (parameters.FindMistake() is var (name, expected))
        {
            return PlaybackProblem.BadQuery(name, expected);
        }

        using var indexer = await tenantCiphers.GetBlindIndexerAsync(tenant, cancellationToken).ConfigureAwait(false);
        var page = await catalog.SearchAsync(Query(tenant, parameters, indexer), cancellationToken).ConfigureAwait(false);
        using var fields =
            await sessionCiphers.OpenFieldsAsync(tenant, [.. page.Sessions.Select(row => row.Session.Session)], cancellationToken)
                .ConfigureAwait(false);
        var sessions = page.Sessions.Select(row => SessionJsonMapper.TryMap(row, fields)).OfType<SessionJson>();
        return Results.Json(
            new SessionListJson([.. sessions], SearchParameters.TextOf(page.Next)), PlaybackJson.Default.SessionListJson);
    }

    private static SessionQuery Query(TenantId tenant, SearchParameters parameters, IBlindIndexer indexer)
    {
        return new()
        {
            Tenant = tenant,
            Terms = [
                .. Term("user", indexer.User), .. Term("url", indexer.UrlPrefix), .. Term("event", indexer.Event),
                .. Term("error", indexer.Error)],
            HasError = parameters.Text("hasError") is { } hasError ? hasError == "true" : null,
            From = parameters.Time("from"),
            To = parameters.Time("to"),
            Browser = parameters.Text("browser"),
            Os = parameters.Text("os"),
            Device = parameters.Text("device"),
            MinDuration = parameters.Number("minDuration") is { } ms ? TimeSpan.FromMilliseconds(ms) : null,
            Limit = (int)(parameters.Number("limit") ?? DefaultLimit),
            After = parameters.Cursor,
        };

        IEnumerable<ReadOnlyMemory<byte>> Term(string name, Func<string, byte[]> index) =>
            parameters.Text(name) is { } value ? [index(value)] : [];
    }
}
