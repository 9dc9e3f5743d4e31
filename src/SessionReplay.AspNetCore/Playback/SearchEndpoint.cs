using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using SessionReplay.AspNetCore.Facts;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.Catalog;
using SessionReplay.Keys;

namespace SessionReplay.AspNetCore.Playback;

/// <summary><c>GET api/sessions</c>: searches sessions.</summary>
internal sealed class SearchEndpoint([Guarded] ICatalogReader catalog, ITenantCipherProvider tenantCiphers, ISessionCipherProvider sessionCiphers, PlaybackAccess access)
{
    private const int MaxText = 2048;
    private const int DefaultLimit = 50;

    public async ValueTask<IResult> HandleAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var parameters = context.Request.Query;
        var tenants = access.Tenants(context);
        var tenant = parameters["tenant"].FirstOrDefault() is { Length: > 0 } asked ? tenants.FirstOrDefault(t => t.Value == asked) : tenants.FirstOrDefault();
        if (tenant == default)
        {
            return PlaybackProblem.NotFound();
        }

        if (parameters.FirstOrDefault(p => p.Value.Count > 1 || p.Value.ToString().Length > MaxText) is { Key: { } bad })
        {
            return PlaybackProblem.BadQuery(bad, $"given once, with at most {MaxText} characters");
        }

        if (!TryNumber(parameters, "limit", 1, 200, out var limit))
        {
            return PlaybackProblem.BadQuery("limit", "a number from 1 to 200");
        }

        foreach (var name in new[] { "from", "to", "minDuration" })
        {
            if (!TryNumber(parameters, name, 0, 253_402_300_799_999, out _))
            {
                return PlaybackProblem.BadQuery(name, "a number of milliseconds, 0 or more");
            }
        }

        if (!TryCursor(parameters["cursor"], out var after))
        {
            return PlaybackProblem.BadQuery("cursor", "the nextCursor of the page before");
        }

        if (parameters["hasError"].FirstOrDefault() is { Length: > 0 } text && text is not ("true" or "false"))
        {
            return PlaybackProblem.BadQuery("hasError", "'true' or 'false'");
        }

        using var indexer = await tenantCiphers.GetBlindIndexerAsync(tenant, cancellationToken).ConfigureAwait(false);
        var query = new SessionQuery
        {
            Tenant = tenant,
            Terms = [.. Term("user", indexer.User), .. Term("url", indexer.UrlPrefix), .. Term("event", indexer.Event), .. Term("error", indexer.Error)],
            HasError = Text("hasError") is { } hasError ? hasError == "true" : null,
            From = Time("from"),
            To = Time("to"),
            Browser = Text("browser"),
            Os = Text("os"),
            Device = Text("device"),
            MinDuration = TryNumber(parameters, "minDuration", 0, long.MaxValue, out var least) && least is { } ms ? TimeSpan.FromMilliseconds(ms) : null,
            Limit = (int)(limit ?? DefaultLimit),
            After = after,
        };
        var page = await catalog.SearchAsync(query, cancellationToken).ConfigureAwait(false);
        using var fields = await sessionCiphers.OpenFieldsAsync(tenant, [.. page.Sessions.Select(row => row.Session.Session)], cancellationToken).ConfigureAwait(false);
        var sessions = page.Sessions.Select(row => SessionJsonMapper.TryMap(row, fields)).OfType<SessionJson>();
        return Results.Json(new SessionListJson([.. sessions], Cursor(page.Next)), PlaybackJson.Default.SessionListJson);

        IEnumerable<ReadOnlyMemory<byte>> Term(string name, Func<string, byte[]> index) => Text(name) is { } value ? [index(value)] : [];

        string? Text(string name) => parameters[name].FirstOrDefault() is { Length: > 0 } value ? value : null;

        DateTimeOffset? Time(string name) =>
            TryNumber(parameters, name, 0, long.MaxValue, out var time) && time is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;
    }

    private static bool TryNumber(IQueryCollection parameters, string name, long least, long most, out long? number)
    {
        number = null;
        if (parameters[name].FirstOrDefault() is not { Length: > 0 } text)
        {
            return true;
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value < least || value > most)
        {
            return false;
        }

        number = value;
        return true;
    }

    private static string? Cursor(SessionCursor? next) => next is { } cursor
        ? Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{cursor.StartedAt}.{cursor.Session}")))
        : null;

    private static bool TryCursor(string? text, out SessionCursor? cursor)
    {
        cursor = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        if (!Base64Url.IsValid(text) || Encoding.ASCII.GetString(Base64Url.DecodeFromChars(text)).Split('.') is not [var time, var id]
            || !long.TryParse(time, CultureInfo.InvariantCulture, out var startedAt) || !SessionId.TryParse(id, out var session))
        {
            return false;
        }

        cursor = new(startedAt, session);
        return true;
    }
}
