using SessionReplay.Audit;

namespace SessionReplay.Pipeline.Resilience;

/// <summary>What the end of audit rows needs of the audit log, behind its pipeline.</summary>
internal sealed class GuardedAuditLifecycle(IAuditLifecycle inner, DependencyPipeline pipeline) : IAuditLifecycle
{
    public ValueTask<AuditMark> ReadStartAsync(CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(inner, static (call, token) => call.ReadStartAsync(token), cancellationToken);

    public ValueTask<int> RemoveAsync(DateTimeOffset before, DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, before, now, limit), static (call, token) => call.inner.RemoveAsync(call.before, call.now, call.limit, token),
            cancellationToken);
}
