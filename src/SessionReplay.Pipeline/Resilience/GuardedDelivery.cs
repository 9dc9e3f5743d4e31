using SessionReplay.Queues;

namespace SessionReplay.Pipeline.Resilience;

/// <summary>
/// A delivery whose settling is bounded in time and nothing else. It is not repeated (what was not confirmed is delivered again by the
/// queue), not withheld (that would only make duplicates), and does not count for the breaker (a lease that ran out fails in the same way
/// as a broker that is away).
/// </summary>
internal sealed class GuardedDelivery(IQueueDelivery inner, DependencyPipeline pipeline) : IQueueDelivery
{
    public string MessageId => inner.MessageId;

    public ReadOnlyMemory<byte> Body => inner.Body;

    public int Attempt => inner.Attempt;

    public ValueTask AckAsync(CancellationToken cancellationToken) =>
        pipeline.BoundAsync(inner, static (delivery, token) => delivery.AckAsync(token), cancellationToken);

    public ValueTask RetryAsync(string reason, CancellationToken cancellationToken) =>
        pipeline.BoundAsync((inner, reason), static (call, token) => call.inner.RetryAsync(call.reason, token), cancellationToken);

    public ValueTask DeadLetterAsync(string reason, CancellationToken cancellationToken) =>
        pipeline.BoundAsync((inner, reason), static (call, token) => call.inner.DeadLetterAsync(call.reason, token), cancellationToken);

    public ValueTask RefuseAsync(string reason, CancellationToken cancellationToken) =>
        pipeline.BoundAsync((inner, reason), static (call, token) => call.inner.RefuseAsync(call.reason, token), cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
