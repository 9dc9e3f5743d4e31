using SessionReplay.Queues;

namespace SessionReplay.Pipeline.Resilience;

/// <summary>The dead letters behind the queue's pipeline: an operator's calls, made once and with time.</summary>
internal sealed class GuardedDeadLetterQueue(IDeadLetterQueue inner, DependencyPipeline pipeline) : IDeadLetterQueue
{
    public ValueTask<IReadOnlyList<DeadLetter>> ListAsync(int limit, CancellationToken cancellationToken) =>
        pipeline.OnceAsync(
            (inner, limit), static (call, token) => call.inner.ListAsync(call.limit, token), cancellationToken, pipeline.LongTime);

    public ValueTask<int> RedriveAsync(int limit, CancellationToken cancellationToken) =>
        pipeline.OnceAsync(
            (inner, limit), static (call, token) => call.inner.RedriveAsync(call.limit, token), cancellationToken, pipeline.LongTime);

    public ValueTask<int> DiscardAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => pipeline.OnceAsync(
        (inner, before, limit), static (call, token) => call.inner.DiscardAsync(call.before, call.limit, token), cancellationToken,
        pipeline.LongTime);

    public ValueTask<int> DiscardAsync(SessionRef session, CancellationToken cancellationToken) =>
        pipeline.OnceAsync(
            (inner, session), static (call, token) => call.inner.DiscardAsync(call.session, token), cancellationToken, pipeline.LongTime);
}
