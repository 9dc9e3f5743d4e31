using SessionReplay.Catalog;

namespace SessionReplay.Pipeline.Resilience;

/// <summary>Which sessions are watched, behind the catalog's pipeline. Not repeated: the next call comes within seconds.</summary>
internal sealed class GuardedLiveViewStore(ILiveViewStore inner, DependencyPipeline pipeline) : ILiveViewStore
{
    public ValueTask NoteWatchedAsync(
        IReadOnlyCollection<SessionRef> sessions, DateTimeOffset until, DateTimeOffset now, CancellationToken cancellationToken) =>
        pipeline.OnceAsync(
            (inner, sessions, until, now),
            static (call, token) => call.inner.NoteWatchedAsync(call.sessions, call.until, call.now, token),
            cancellationToken);

    public ValueTask<IReadOnlyList<SessionRef>> ListWatchedAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        pipeline.OnceAsync(
            (inner, now, limit), static (call, token) => call.inner.ListWatchedAsync(call.now, call.limit, token), cancellationToken);
}
