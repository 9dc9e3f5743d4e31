using System.Text;
using Microsoft.Extensions.Options;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Pipeline.Messages;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Worker;

/// <summary>
/// Stores a group of chunks: the objects of the layout, then their rows in one transaction. Idempotent: a chunk that is stored again
/// changes nothing.
/// </summary>
internal sealed class GroupWriter(
    [Guarded] IBlobStore blobs, [Guarded] ICatalogWriter catalog, [Guarded] ICatalogReader reader, IPartLayout layout,
    IOptions<WorkerOptions> options)
{
    private readonly int _parallelWrites = options.Value.ParallelWrites;

    /// <returns>One outcome for each message, in order, when all is durable.</returns>
    /// <exception cref="BlobStoreUnavailableException">Nothing may be acknowledged; try again later.</exception>
    /// <exception cref="CatalogUnavailableException">Nothing may be acknowledged; try again later.</exception>
    /// <exception cref="ValueRefusedException">The catalog takes one of the chunks under no circumstances; nothing was
    /// recorded.</exception>
    public async ValueTask<IReadOnlyList<RecordOutcome>> StoreAsync(
        IReadOnlyList<ParsedMessage> messages, CancellationToken cancellationToken)
    {
        var locations = new Dictionary<ParsedMessage, ChunkLocation>();
        foreach (var claim in messages.Where(m => m.Message.IsClaimCheck))
        {
            locations[claim] = new(Encoding.UTF8.GetString(claim.Body.Span), 0, claim.Chunk.ChunkLength);
        }

        var parts = layout.Plan(messages.Where(m => !m.Message.IsClaimCheck)).ToList();
        foreach (var part in parts)
        {
            Locate(part, locations);
        }

        // In any order: until the rows below name them, nobody reads the objects.
        await Parallel.ForEachAsync(
            parts, new ParallelOptions { MaxDegreeOfParallelism = _parallelWrites, CancellationToken = cancellationToken }, WriteAsync)
            .ConfigureAwait(false);

        var records = messages.Select(message => ChunkRecordMapper.Map(message, locations[message])).ToList();
        var outcomes = await RecordAsync(records, parts, cancellationToken).ConfigureAwait(false);
        await DeleteUnusedAsync(records, outcomes, cancellationToken).ConfigureAwait(false);
        return outcomes;
    }

    /// <summary>A refusal wrote nothing: the parts that were written for it are superfluous.</summary>
    private async ValueTask<IReadOnlyList<RecordOutcome>> RecordAsync(
        List<ChunkRecord> records, List<PlannedPart> parts, CancellationToken cancellationToken)
    {
        try
        {
            return await catalog.RecordAsync(records, cancellationToken).ConfigureAwait(false);
        }
        catch (ValueRefusedException) when (parts.Count > 0)
        {
            await blobs.DeleteAsync([.. parts.Select(part => part.Key)], cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    private static void Locate(PlannedPart part, Dictionary<ParsedMessage, ChunkLocation> locations)
    {
        long offset = 0;
        foreach (var message in part.Messages)
        {
            locations[message] = new(part.Key, offset, message.Chunk.ChunkLength);
            offset += message.Chunk.ChunkLength;
        }
    }

    private async ValueTask WriteAsync(PlannedPart part, CancellationToken cancellationToken)
    {
        var segments = part.Messages.SelectMany(m => new[] { m.ChunkHeaderBytes, m.Body }).ToArray();
        using var content = new MemorySegmentStream(segments);
        await blobs.CreateAsync(part.Key, content, content.Length, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Removes objects that no chunk in the catalog names: all of it was there before, another batch has its number, or the session is
    /// deleted.
    /// </summary>
    private async ValueTask DeleteUnusedAsync(
        IReadOnlyList<ChunkRecord> records, IReadOnlyList<RecordOutcome> outcomes, CancellationToken cancellationToken)
    {
        var unused = new List<string>();
        foreach (var blob in records.Zip(outcomes).GroupBy(r => r.First.Location.BlobKey)
            .Where(g => g.All(r => r.Second != RecordOutcome.Recorded)))
        {
            if (!await IsNamedAsync(blob.Key, blob.Select(r => r.First), cancellationToken).ConfigureAwait(false))
            {
                unused.Add(blob.Key);
            }
        }

        if (unused.Count > 0)
        {
            await blobs.DeleteAsync(unused, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A claim check that is delivered again names the very object that was recorded the first time: it stays.</summary>
    private async ValueTask<bool> IsNamedAsync(string key, IEnumerable<ChunkRecord> records, CancellationToken cancellationToken)
    {
        foreach (var record in records)
        {
            var known = await reader.FindChunkAsync(record.Header.Id, cancellationToken).ConfigureAwait(false);
            if (known?.Location.BlobKey == key)
            {
                return true;
            }
        }

        return false;
    }
}
