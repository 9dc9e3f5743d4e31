using SessionReplay.Format;
using SessionReplay.Wire;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>A batch that was found to be good.</summary>
/// <param name="Tenant">The tenant of the write key.</param>
/// <param name="Facts">What the chunk's header says.</param>
/// <param name="Sealed">What travels sealed beside the chunk.</param>
/// <param name="ReceivedAt">The server's clock, ms since the Unix epoch.</param>
/// <param name="Digest">What tells it from another one of its name.</param>
internal sealed record ReceivedBatch(TenantId Tenant, BatchFacts Facts, ChunkFacts Sealed, long ReceivedAt, BatchDigest Digest)
{
    public ChunkId Id => new(Tenant, Facts.Session, Facts.Window, Facts.Seq);
}
