using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Queues;
using SessionReplay.Storage;
using SessionReplay.Wire;

namespace SessionReplay.AspNetCore.Worker;

/// <summary>Takes messages of the queue apart. The worker opens the facts with the tenant's metadata key; it never holds a session key.</summary>
internal sealed class MessageReader(ITenantCipherProvider ciphers, [Guarded] IBlobStore blobs, [Guarded] ICatalogReader catalog)
{
    /// <summary>The name under which a chunk's facts are sealed (docs/format/v1.md, section 8).</summary>
    public const string FactsField = "chunk.facts";

    /// <exception cref="FormatRejectedException">The message can never be stored.</exception>
    /// <exception cref="KeyStoreUnavailableException">Try again later.</exception>
    /// <exception cref="BlobStoreUnavailableException">Try again later.</exception>
    /// <exception cref="CatalogUnavailableException">Try again later.</exception>
    public async ValueTask<StoredMessage> ReadAsync(IQueueDelivery delivery, CancellationToken cancellationToken)
    {
        var message = QueueMessageHeader.Read(delivery.Body.Span);
        var chunk = ChunkHeader.Read(delivery.Body.Span.Slice(QueueMessageHeader.PrefixSize, ChunkHeader.Size));
        if (!message.IsClaimCheck && message.BodyLength != chunk.PayloadLength + ChunkHeader.TagSize)
        {
            throw new FormatRejectedException("Q1", "The body of the queue message is not the rest of its chunk.");
        }

        using var protector = await ciphers.GetFieldProtectorAsync(chunk.Id.Tenant, cancellationToken).ConfigureAwait(false);
        var plaintext = protector.Open(FactsField, Owner(chunk.Id), delivery.Body.Span.Slice(QueueMessageHeader.Size, message.FactsLength));
        try
        {
            var read = new StoredMessage(delivery, message, chunk, ChunkFacts.Parser.ParseFrom(plaintext));
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
            throw new FormatRejectedException("Q1", "The facts or the claim check of the queue message cannot be read.");
        }
    }

    /// <summary>A chunk that is not there must not be recorded: it would be in the way of the page's second attempt, which brings it again.</summary>
    private async ValueTask CheckClaimAsync(StoredMessage message, string key, CancellationToken cancellationToken)
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

    /// <summary>What a chunk's facts belong to: session, window and seq.</summary>
    public static byte[] Owner(ChunkId chunk)
    {
        var owner = new byte[36];
        chunk.Session.Write(owner);
        chunk.Window.Write(owner.AsSpan(16));
        BinaryPrimitives.WriteUInt32BigEndian(owner.AsSpan(32), chunk.Seq);
        return owner;
    }
}
