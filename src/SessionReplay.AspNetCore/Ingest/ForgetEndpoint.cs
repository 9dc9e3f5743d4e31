using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Lifecycle;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.Audit;
using SessionReplay.Ingest;
using SessionReplay.Keys;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary><c>POST v1/sessions/{id}/forget</c>: deletes a session for its recorder, which proves with the session's secret that it is the one.</summary>
internal sealed class ForgetEndpoint(
    SessionDeletion deletion, SecretCheck secrets, IngestQuotas quotas, [Guarded] IAuditLog audit, DeniedRequests denied, IngestMemory memory, IOptions<SessionReplayOptions> options,
    TimeProvider clock)
{
    /// <summary>Whoever knows the secret is the visitor's browser.</summary>
    private const string Actor = "visitor";
    private const string Action = "session.forget";

    public async ValueTask<IResult> HandleAsync(HttpContext context, string id)
    {
        using var held = memory.Open(TokenBuckets.NameOf(context.Connection.RemoteIpAddress));
        using var body = await RequestBody.ReadAsync(context, UploadFrame.Size, options.Value.Ingest.ReadTimeout, held).ConfigureAwait(false);
        var secret = UploadFrame.ReadSecret(body.WrittenSpan);
        if (!SessionId.TryParse(id, out var sessionId))
        {
            throw IngestProblems.NotFound();
        }

        var session = new SessionRef(context.Features.GetRequiredFeature<WriteKey>().Tenant, sessionId);
        await quotas.TakeForgetRequestAsync(session.Tenant, context.Connection.RemoteIpAddress, CancellationToken.None).ConfigureAwait(false);
        try
        {
            // Looked up first: a tombstone for every id that somebody makes up would fill the store.
            if (!await secrets.HasBegunAsync(session, secret, CancellationToken.None).ConfigureAwait(false))
            {
                throw IngestProblems.NotFound();
            }
        }
        catch (KeyDeletedException)
        {
            return Results.StatusCode(StatusCodes.Status202Accepted);
        }
        catch (SessionSecretException)
        {
            await AuditDeniedAsync(context, session).ConfigureAwait(false);
            throw;
        }

        await quotas.TakeForgetAsync(session.Tenant, CancellationToken.None).ConfigureAwait(false);
        // The page may go away: a deletion that was asked for is done.
        await AuditAsync(context, session, allowed: true).ConfigureAwait(false);
        await deletion.DeleteAsync(session, "forget", CancellationToken.None).ConfigureAwait(false);
        return Results.StatusCode(StatusCodes.Status202Accepted);
    }

    private async ValueTask AuditDeniedAsync(HttpContext context, SessionRef session)
    {
        // Anybody can try; each row is durable.
        if (denied.MayBeAudited(context.Connection.RemoteIpAddress)
            && await quotas.MayAuditDeniedForgetAsync(session.Tenant, CancellationToken.None).ConfigureAwait(false))
        {
            await AuditAsync(context, session, allowed: false).ConfigureAwait(false);
        }
    }

    private ValueTask AuditAsync(HttpContext context, SessionRef session, bool allowed) => audit.AppendAsync(
        new AuditEntry
        {
            At = clock.GetUtcNow(),
            Actor = Actor,
            Action = Action,
            Allowed = allowed,
            Outcome = allowed ? "begun" : "session-secret",
            Tenant = session.Tenant,
            Session = session.Session,
            RemoteAddress = context.Connection.RemoteIpAddress?.ToString(),
        },
        CancellationToken.None);
}
