using Microsoft.AspNetCore.Http;
using SessionReplay.Audit;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>Writes the attempts to forget a session into the audit log.</summary>
internal sealed class ForgetAudit([Guarded] IAuditLog audit, DeniedRequests denied, IngestQuotas quotas, TimeProvider clock)
{
    /// <summary>Whoever knows the secret is the visitor's browser.</summary>
    private const string Actor = "visitor";
    private const string Action = "session.forget";

    /// <summary>Anybody can try, and each row is durable: only some attempts are written.</summary>
    public async ValueTask AppendDeniedAsync(HttpContext context, SessionRef session)
    {
        if (denied.MayBeAudited(context.Connection.RemoteIpAddress)
            && await quotas.MayAuditDeniedForgetAsync(session.Tenant, CancellationToken.None).ConfigureAwait(false))
        {
            await AppendAsync(context, session, allowed: false).ConfigureAwait(false);
        }
    }

    public ValueTask AppendAsync(HttpContext context, SessionRef session, bool allowed) => audit.AppendAsync(
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
