using SessionReplay.Catalog;

namespace SessionReplay.Pipeline.Resilience;

/// <summary>The catalog's reading side behind its pipeline.</summary>
internal sealed class GuardedCatalogReader(ICatalogReader inner, DependencyPipeline pipeline) : ICatalogReader
{
    public ValueTask<SessionPage> SearchAsync(SessionQuery query, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync((inner, query), static (call, token) => call.inner.SearchAsync(call.query, token), cancellationToken);

    public ValueTask<SessionRow?> FindSessionAsync(SessionRef session, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync((inner, session), static (call, token) => call.inner.FindSessionAsync(call.session, token), cancellationToken);

    public ValueTask<IReadOnlyList<ChunkRow>> ListChunksAsync(
        SessionRef session, ChunkCursor? after, int limit, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, session, after, limit), static (call, token) => call.inner.ListChunksAsync(call.session, call.after, call.limit, token),
            cancellationToken);

    public ValueTask<IReadOnlyList<ChunkRow>> ListPlacesAsync(
        SessionRef session, ChunkCursor? after, int limit, bool heldOnly, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, session, after, limit, heldOnly),
            static (call, token) => call.inner.ListPlacesAsync(call.session, call.after, call.limit, call.heldOnly, token),
            cancellationToken);

    public ValueTask<StretchPage> ReadStretchesAsync(
        SessionRef session, IReadOnlyList<ChunkStretch> stretches, StretchLimits limits, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, session, stretches, limits),
            static (call, token) => call.inner.ReadStretchesAsync(call.session, call.stretches, call.limits, token),
            cancellationToken);

    public ValueTask<IReadOnlyList<ChunkBody>> ReadBodiesAsync(
        SessionRef session, IReadOnlyCollection<ChunkCursor> chunks, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(
            (inner, session, chunks), static (call, token) => call.inner.ReadBodiesAsync(call.session, call.chunks, token),
            cancellationToken);

    public ValueTask<ChunkRow?> FindChunkAsync(ChunkId chunk, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync((inner, chunk), static (call, token) => call.inner.FindChunkAsync(call.chunk, token), cancellationToken);
}
