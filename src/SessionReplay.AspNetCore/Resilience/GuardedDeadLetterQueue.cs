using SessionReplay.Queues;

namespace SessionReplay.AspNetCore.Resilience;

/// <summary>The dead letters behind the queue's circuit: an operator's calls, made once and with time.</summary>
internal sealed class GuardedDeadLetterQueue(IDeadLetterQueue inner, Circuit circuit) : IDeadLetterQueue
{
    public ValueTask<IReadOnlyList<DeadLetter>> ListAsync(int limit, CancellationToken cancellationToken) =>
        circuit.OnceAsync((inner, limit), static (call, token) => call.inner.ListAsync(call.limit, token), cancellationToken, circuit.LongTime);

    public ValueTask<int> RedriveAsync(int limit, CancellationToken cancellationToken) =>
        circuit.OnceAsync((inner, limit), static (call, token) => call.inner.RedriveAsync(call.limit, token), cancellationToken, circuit.LongTime);

    public ValueTask<int> DiscardAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => circuit.OnceAsync(
        (inner, before, limit), static (call, token) => call.inner.DiscardAsync(call.before, call.limit, token), cancellationToken, circuit.LongTime);

    public ValueTask<int> DiscardAsync(SessionRef session, CancellationToken cancellationToken) =>
        circuit.OnceAsync((inner, session), static (call, token) => call.inner.DiscardAsync(call.session, token), cancellationToken, circuit.LongTime);
}
