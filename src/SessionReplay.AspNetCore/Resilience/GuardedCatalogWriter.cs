using SessionReplay.Catalog;

namespace SessionReplay.AspNetCore.Resilience;

/// <summary>The catalog's writing side behind its circuit. A chunk counts once however often it is recorded, so a call may be repeated.</summary>
internal sealed class GuardedCatalogWriter(ICatalogWriter inner, Circuit circuit) : ICatalogWriter
{
    public ValueTask<IReadOnlyList<RecordOutcome>> RecordAsync(IReadOnlyList<ChunkRecord> chunks, CancellationToken cancellationToken) =>
        circuit.RepeatAsync((inner, chunks), static (call, token) => call.inner.RecordAsync(call.chunks, token), cancellationToken);
}
