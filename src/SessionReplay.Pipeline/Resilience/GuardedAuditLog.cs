using SessionReplay.Audit;

namespace SessionReplay.Pipeline.Resilience;

/// <summary>The audit log behind its pipeline. An entry is appended once: a repetition could write it twice.</summary>
internal sealed class GuardedAuditLog(IAuditLog inner, DependencyPipeline pipeline) : IAuditLog
{
    public ValueTask AppendAsync(AuditEntry entry, CancellationToken cancellationToken) =>
        pipeline.OnceAsync((inner, entry), static (call, token) => call.inner.AppendAsync(call.entry, token), cancellationToken);

    public ValueTask<IReadOnlyList<AuditRow>> ListAsync(
        SessionRef? session, long? before, int limit, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, session, before, limit), static (call, token) => call.inner.ListAsync(call.session, call.before, call.limit, token),
            cancellationToken);

    public ValueTask<AuditBreak?> FindBreakAsync(CancellationToken cancellationToken) =>
        pipeline.OnceAsync(inner, static (audit, token) => audit.FindBreakAsync(token), cancellationToken, pipeline.LongTime);
}
