using SessionReplay.Pipeline.Batches;
using SessionReplay.Wire;

namespace SessionReplay.Pipeline.Messages;

/// <summary>A batch that is ready to be sealed and published.</summary>
/// <param name="Tenant">The tenant of the write key.</param>
/// <param name="Header">What the chunk's header says.</param>
/// <param name="FactsToSeal">What travels sealed beside the chunk; plaintext here.</param>
/// <param name="ReceivedAt">The server's clock, ms since the Unix epoch.</param>
/// <param name="Digest">What distinguishes it from another batch with the same id.</param>
public sealed record ReceivedBatch(TenantId Tenant, BatchFacts Header, ChunkFacts FactsToSeal, long ReceivedAt, BatchDigest Digest)
{
    /// <summary>Gets the name of its chunk.</summary>
    public ChunkId Id => new(Tenant, Header.Session, Header.Window, Header.Seq);
}
