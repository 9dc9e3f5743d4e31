using System.Text;
using SessionReplay.Catalog;
using SessionReplay.Pipeline.Messages;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Worker;

/// <summary>
/// Records a group of chunks in the catalog, their bytes and their rows in one transaction. Idempotent: a chunk that is recorded again
/// changes nothing.
/// </summary>
internal sealed class GroupWriter(
    [Guarded] IBlobStore blobs, [Guarded] ICatalogWriter catalog, [Guarded] ICatalogReader reader, CatalogRoom room)
{
    /// <returns>One outcome for each message, in order, when all is durable.</returns>
    /// <exception cref="CatalogUnavailableException">Nothing may be acknowledged; try again later. Also thrown while the catalog is
    /// full.</exception>
    /// <exception cref="BlobStoreUnavailableException">Nothing may be acknowledged; try again later.</exception>
    /// <exception cref="ValueRefusedException">The catalog takes one of the chunks under no circumstances; nothing was
    /// recorded.</exception>
    public async ValueTask<IReadOnlyList<RecordOutcome>> StoreAsync(
        IReadOnlyList<ParsedMessage> messages, CancellationToken cancellationToken)
    {
        if (await room.IsFullAsync(cancellationToken).ConfigureAwait(false))
        {
            throw new CatalogUnavailableException("The catalog is full. Is the blob store away? Ended sessions leave the catalog for it.");
        }

        var records = messages.Select(message => ChunkRecordMapper.Map(message, Locate(message))).ToList();
        var outcomes = await catalog.RecordAsync(records, cancellationToken).ConfigureAwait(false);
        await DeleteUnusedAsync(records, outcomes, cancellationToken).ConfigureAwait(false);
        return outcomes;
    }

    private static ChunkLocation Locate(ParsedMessage message) => message.Message.IsClaimCheck
        ? new(Encoding.UTF8.GetString(message.Body.Span), 0, message.Chunk.ChunkLength)
        : ChunkLocation.InCatalog(message.Chunk.ChunkLength);

    /// <summary>
    /// Removes the objects of claim checks that no chunk in the catalog names: the chunk was there before, another batch has its number, or
    /// the session is deleted.
    /// </summary>
    private async ValueTask DeleteUnusedAsync(
        IReadOnlyList<ChunkRecord> records, IReadOnlyList<RecordOutcome> outcomes, CancellationToken cancellationToken)
    {
        var unused = new List<string>();
        foreach (var (record, outcome) in records.Zip(outcomes))
        {
            if (outcome != RecordOutcome.Recorded && record.Location.BlobKey is { } key
                && (await reader.FindChunkAsync(record.Header.Id, cancellationToken).ConfigureAwait(false))?.Location.BlobKey != key)
            {
                unused.Add(key);
            }
        }

        if (unused.Count > 0)
        {
            await blobs.DeleteAsync(unused, cancellationToken).ConfigureAwait(false);
        }
    }
}
