using System.Globalization;
using Microsoft.AspNetCore.Http;
using SessionReplay.Audit;
using SessionReplay.Pipeline.Lifecycle;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Queues;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>Deletion, the audit log and the dead letters.</summary>
internal sealed class OperatorEndpoints(
    SessionFinder sessions, SessionDeletion deletion, [Guarded] IAuditLog audit, [Guarded] IDeadLetterQueue deadLetters,
    PlaybackAccess access)
{
    private const int PageSize = 200;

    public async ValueTask<IResult> DeleteAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (await sessions.FindAsync(context, cancellationToken).ConfigureAwait(false) is not { } row)
        {
            return PlaybackProblem.NotFound();
        }

        return await deletion.DeleteAsync(row.Session, "viewer", cancellationToken).ConfigureAwait(false)
            ? Results.NoContent()
            : Results.StatusCode(StatusCodes.Status202Accepted);
    }

    public async ValueTask<IResult> AuditAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var query = context.Request.Query;
        // A deleted session's rows stay: it need not be in the catalog.
        SessionRef? session = null;
        if (query["session"].FirstOrDefault() is { Length: > 0 } text)
        {
            if (!SessionId.TryParse(text, out var id))
            {
                return PlaybackProblem.BadQuery("session", "32 hex digits");
            }

            if (!TenantId.TryParse(query["tenant"], out var tenant))
            {
                return PlaybackProblem.BadQuery("tenant", "the session's tenant");
            }

            session = new(tenant, id);
        }

        long? before = null;
        if (query["cursor"].FirstOrDefault() is { Length: > 0 } cursor)
        {
            if (!long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return PlaybackProblem.BadQuery("cursor", "the nextCursor of the page before");
            }

            before = number;
        }

        var rows = await audit.ListAsync(session, before, PageSize, cancellationToken).ConfigureAwait(false);
        var tenants = access.SeesAllTenants(context) ? null : access.Tenants(context);
        var visible = rows.Where(row => tenants is null || (row.Entry.Tenant is { } tenant && tenants.Contains(tenant))).Select(Map);
        return Results.Json(new AuditJson([.. visible], rows.Count == PageSize ? rows[^1].Number : null), PlaybackJson.Default.AuditJson);
    }

    public async ValueTask<IResult> ListDeadLettersAsync(CancellationToken cancellationToken)
    {
        var letters = await deadLetters.ListAsync(PageSize, cancellationToken).ConfigureAwait(false);
        return Results.Json(
            new DeadLettersJson([.. letters.Select(l => new DeadLetterJson(
                l.MessageId, l.Reason, l.Attempts, l.DeadLetteredAt.ToUnixTimeMilliseconds(), l.Bytes))]),
            PlaybackJson.Default.DeadLettersJson);
    }

    public async ValueTask<IResult> RedriveAsync(CancellationToken cancellationToken) => Results.Json(
        new RedriveJson(await deadLetters.RedriveAsync(1000, cancellationToken).ConfigureAwait(false)), PlaybackJson.Default.RedriveJson);

    public async ValueTask<IResult> DiscardAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var before = DateTimeOffset.MaxValue;
        if (context.Request.Query["before"].FirstOrDefault() is { Length: > 0 } text)
        {
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var time)
                || time > before.ToUnixTimeMilliseconds())
            {
                return PlaybackProblem.BadQuery("before", "a time in milliseconds since the Unix epoch");
            }

            before = DateTimeOffset.FromUnixTimeMilliseconds(time);
        }

        return Results.Json(
            new DiscardJson(await deadLetters.DiscardAsync(before, 1000, cancellationToken).ConfigureAwait(false)),
            PlaybackJson.Default.DiscardJson);
    }

    private static AuditRowJson Map(AuditRow row) => new(
        row.Number, row.Entry.At.ToUnixTimeMilliseconds(), row.Entry.Actor, row.Entry.Action, row.Entry.Allowed, row.Entry.Outcome,
        row.Entry.Tenant?.Value,
        row.Entry.Session?.ToString(), row.Entry.RemoteAddress, row.Entry.Detail, Convert.ToHexStringLower(row.Hash.Span));
}
