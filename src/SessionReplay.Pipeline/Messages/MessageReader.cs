using System.Text;
using Google.Protobuf;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Queues;
using SessionReplay.Storage;
using SessionReplay.Wire;

namespace SessionReplay.Pipeline.Messages;

/// <summary>Takes messages of the queue apart. The worker holds no key and opens nothing.</summary>
internal sealed class MessageReader([Guarded] IBlobStore blobs, [Guarded] ICatalogReader catalog)
{
    private const int IndexSize = 16;
    private const int MaxTerms = 4_096;
    private const int HashSize = 32;
    private const int MaxAssets = 1_024;
    private const int MaxText = 64;

    /// <exception cref="FormatRejectedException">The message can never be stored.</exception>
    /// <exception cref="BlobStoreUnavailableException">Try again later.</exception>
    /// <exception cref="CatalogUnavailableException">Try again later.</exception>
    public async ValueTask<ParsedMessage> ReadAsync(IQueueDelivery delivery, CancellationToken cancellationToken)
    {
        var message = QueueMessageHeader.Read(delivery.Body.Span);
        var chunk = ChunkHeaderCodec.Read(delivery.Body.Span.Slice(QueueMessageHeader.PrefixSize, ChunkHeader.Size));
        if (!message.IsClaimCheck && message.BodyLength != chunk.PayloadLength + ChunkHeader.TagSize)
        {
            throw new FormatRejectedException("Q1", "The body of the queue message is not the rest of its chunk.");
        }

        try
        {
            var read = new ParsedMessage(
                delivery, message, chunk,
                Check(CatalogEntry.Parser.ParseFrom(delivery.Body.Span.Slice(QueueMessageHeader.Size, message.EntryLength))));
            if (message.IsClaimCheck)
            {
                var key = Encoding.UTF8.GetString(read.Body.Span);
                BlobKey.ThrowIfInvalid(key);
                await CheckClaimAsync(read, key, cancellationToken).ConfigureAwait(false);
            }

            return read;
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or ArgumentException)
        {
            throw new FormatRejectedException("Q1", "The catalog entry or the claim check of the queue message cannot be read.");
        }
    }

    /// <summary>
    /// A chunk that is not there must not be recorded: it would be in the way of the page's second attempt, which brings it again.
    /// </summary>
    private async ValueTask CheckClaimAsync(ParsedMessage message, string key, CancellationToken cancellationToken)
    {
        var header = new byte[ChunkHeader.Size];
        try
        {
            var stream = await blobs.OpenReadAsync(key, 0, header.Length, cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                await stream.ReadExactlyAsync(header, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is BlobNotFoundException or ArgumentOutOfRangeException)
        {
            // Delivered again after compaction, the chunk has left its object and is known.
            if (await catalog.FindChunkAsync(message.Chunk.Id, cancellationToken).ConfigureAwait(false) is not null)
            {
                return;
            }

            throw new FormatRejectedException("Q1", "The object of the claim check is not there.");
        }

        if (!header.AsSpan().SequenceEqual(message.ChunkHeaderBytes.Span))
        {
            throw new FormatRejectedException("Q1", "The object of the claim check holds another chunk.");
        }
    }

    private static CatalogEntry Check(CatalogEntry entry) =>
        !entry.Facts.IsEmpty && !entry.WindowEnd.IsEmpty && entry.Terms.Count + entry.CustomEvents.Count <= MaxTerms
        && entry.Terms.All(term => term.Length == IndexSize) && entry.CustomEvents.All(name => name.Index.Length == IndexSize)
        && entry.Assets.Count <= MaxAssets && entry.Assets.All(hash => hash.Length == HashSize)
        && entry.Browser.Length <= MaxText && entry.Os.Length <= MaxText && entry.Device.Length <= MaxText
            ? entry
            : throw new FormatRejectedException("Q1", "The catalog entry of the queue message lacks a part, or one is beyond its limit.");
}
