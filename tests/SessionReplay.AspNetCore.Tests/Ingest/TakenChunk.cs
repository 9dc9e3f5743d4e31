using SessionReplay.Format;
using SessionReplay.Wire;

namespace SessionReplay.AspNetCore.Tests.Ingest;

/// <summary>A chunk taken from the queue and opened.</summary>
internal sealed record TakenChunk(QueueMessageHeader Message, ChunkHeader Header, byte[] Payload, ChunkFacts Facts, CatalogEntry Entry)
{
    public EventBatch Batch => EventBatch.Parser.ParseFrom(Header.Compression == ChunkCompression.Gzip ? Batches.Gunzip(Payload) : Payload);
}
