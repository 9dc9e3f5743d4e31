using SessionReplay.Format;
using SessionReplay.Queues;
using SessionReplay.Wire;

namespace SessionReplay.Pipeline.Messages;

/// <summary>A message of the queue, taken apart and checked.</summary>
internal sealed class ParsedMessage(IQueueDelivery delivery, QueueMessageHeader message, ChunkHeader chunk, CatalogEntry entry)
{
    public IQueueDelivery Delivery => delivery;

    public QueueMessageHeader Message => message;

    public ChunkHeader Chunk => chunk;

    /// <summary>What the catalog takes of the chunk.</summary>
    public CatalogEntry Entry => entry;

    public ReadOnlyMemory<byte> ChunkHeaderBytes => delivery.Body.Slice(QueueMessageHeader.PrefixSize, ChunkHeader.Size);

    /// <summary>Copies the whole chunk, whose header and rest lie apart in the message.</summary>
    public byte[] JoinChunk()
    {
        var chunk = new byte[ChunkHeaderBytes.Length + Body.Length];
        ChunkHeaderBytes.CopyTo(chunk);
        Body.CopyTo(chunk.AsMemory(ChunkHeaderBytes.Length));
        return chunk;
    }

    /// <summary>The rest of the chunk, or the key of the object that holds it.</summary>
    public ReadOnlyMemory<byte> Body => delivery.Body.Slice(QueueMessageHeader.Size + message.EntryLength, message.BodyLength);
}
