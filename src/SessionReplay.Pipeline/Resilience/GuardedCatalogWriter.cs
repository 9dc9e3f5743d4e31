using SessionReplay.Catalog;

namespace SessionReplay.Pipeline.Resilience;

/// <summary>
/// The catalog's writing side behind its pipeline. A chunk counts once however often it is recorded, so a call may be repeated.
/// </summary>
internal sealed class GuardedCatalogWriter(ICatalogWriter inner, DependencyPipeline pipeline) : ICatalogWriter
{
    public ValueTask<IReadOnlyList<RecordOutcome>> RecordAsync(IReadOnlyList<ChunkRecord> chunks, CancellationToken cancellationToken) =>
        pipeline.RepeatAsync((inner, chunks), static (call, token) => call.inner.RecordAsync(call.chunks, token), cancellationToken);

    public ValueTask<CatalogSpace> ReadSpaceAsync(CancellationToken cancellationToken) =>
        pipeline.RepeatAsync(inner, static (call, token) => call.ReadSpaceAsync(token), cancellationToken);
}
