using SessionReplay.Format;
using SessionReplay.Wire;

namespace SessionReplay.TestHosts;

/// <summary>A chunk taken from the queue and opened.</summary>
public sealed record TakenChunk(QueueMessageHeader Message, ChunkHeader Header, byte[] Payload, ChunkFacts Facts, CatalogEntry Entry)
{
    public EventBatch Batch =>
        EventBatch.Parser.ParseFrom(Header.Compression == ChunkCompression.Gzip ? BatchSamples.Gunzip(Payload) : Payload);
}
