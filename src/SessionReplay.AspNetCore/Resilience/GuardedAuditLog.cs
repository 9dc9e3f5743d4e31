using SessionReplay.Audit;

namespace SessionReplay.AspNetCore.Resilience;

/// <summary>The audit log behind its circuit. An entry is appended once: a repetition could write it twice.</summary>
internal sealed class GuardedAuditLog(IAuditLog inner, Circuit circuit) : IAuditLog
{
    public ValueTask AppendAsync(AuditEntry entry, CancellationToken cancellationToken) =>
        circuit.OnceAsync((inner, entry), static (call, token) => call.inner.AppendAsync(call.entry, token), cancellationToken);

    public ValueTask<IReadOnlyList<AuditRow>> ListAsync(SessionRef? session, long? before, int limit, CancellationToken cancellationToken) =>
        circuit.RepeatAsync(
            (inner, session, before, limit), static (call, token) => call.inner.ListAsync(call.session, call.before, call.limit, token), cancellationToken);

    public ValueTask<AuditBreak?> FindBreakAsync(CancellationToken cancellationToken) =>
        circuit.OnceAsync(inner, static (audit, token) => audit.FindBreakAsync(token), cancellationToken, circuit.LongTime);
}
