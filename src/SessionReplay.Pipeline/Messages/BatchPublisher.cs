using System.Text;
using Google.Protobuf;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Queues;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Messages;

/// <summary>
/// Seals a batch and publishes it to the queue, in one buffer and without moving the payload (docs/format/v1.md, section 8).
/// </summary>
/// <param name="tenants">The ciphers of tenants.</param>
/// <param name="queue">The queue.</param>
/// <param name="blobs">Where a message that is too large for the queue is stored.</param>
public sealed class BatchPublisher(ITenantCipherProvider tenants, [Guarded] IMessageQueue queue, [Guarded] IBlobStore blobs)
{
    /// <summary>Seals a batch and publishes it.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="cipher">The cipher of its session.</param>
    /// <param name="payload">What of it is sealed.</param>
    /// <param name="memory">Where memory is rented.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many rows of the catalog the batch makes at most, beside its own.</returns>
    public async ValueTask<int> PublishAsync(
        ReceivedBatch batch, ISessionCipher cipher, PayloadToSeal payload, IBufferPool memory, CancellationToken cancellationToken)
    {
        var id = batch.Id;
        var header = Header(batch, payload, cipher.SessionStarted);
        var (entry, rows) = await SealEntryAsync(batch, header, cipher.Fields, cancellationToken).ConfigureAwait(false);

        var length = checked((int)(QueueMessageHeader.PrefixSize + entry.Length + header.ChunkLength));
        var buffer = memory.Rent(length);
        try
        {
            // The chunk is sealed where its ciphertext belongs in the message; its header then moves to the front and makes room for the
            // entry.
            var chunk = buffer.AsMemory(QueueMessageHeader.PrefixSize + entry.Length, (int)header.ChunkLength);
            cipher.Seal(header, payload.Bytes.Span, chunk.Span);
            if (length > queue.MaxMessageBytes
                || !await TryPublishInlineAsync(header, buffer.AsMemory(0, length), chunk, entry, batch.ReceivedAt, cancellationToken)
                    .ConfigureAwait(false))
            {
                var claim = await ClaimCheckAsync(id, header, chunk, entry, batch.ReceivedAt, cancellationToken).ConfigureAwait(false);
                await PublishAsync(header, claim, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            memory.Return(buffer);
        }

        return rows;
    }

    /// <returns><see langword="false"/> when the queue takes less than it said; the chunk is whole again then.</returns>
    private async ValueTask<bool> TryPublishInlineAsync(
        ChunkHeader header, Memory<byte> buffer, Memory<byte> chunk, byte[] entry, long receivedAt, CancellationToken cancellationToken)
    {
        var message = Inline(buffer, chunk.Length, entry, receivedAt);
        try
        {
            await PublishAsync(header, message, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (MessageTooLargeException)
        {
            // Some queues learn their limit from the server, when the first publish has connected them, or another one when they connect
            // again.
            message.Span.Slice(QueueMessageHeader.PrefixSize, ChunkHeader.Size).CopyTo(chunk.Span);
            return false;
        }
    }

    /// <summary>
    /// A queue that removes duplicates must not take two batches of one number for one: the message's name has half of the digest, which is
    /// what there is room for.
    /// </summary>
    private ValueTask PublishAsync(ChunkHeader header, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        queue.PublishAsync(
        new QueueMessage(
            $"{header.Id}/{Convert.ToHexStringLower(header.Digest.ToBytes().AsSpan(0, 6))}", header.Id.Session.ToString(), message),
            cancellationToken);

    private async ValueTask<(byte[] Entry, int Rows)> SealEntryAsync(
        ReceivedBatch batch, ChunkHeader header, IFieldProtector fields, CancellationToken cancellationToken)
    {
        using var indexer = await tenants.GetBlindIndexerAsync(header.Id.Tenant, cancellationToken).ConfigureAwait(false);
        var entry = CatalogEntryBuilder.Build(batch, header, fields, indexer);
        return (entry.ToByteArray(), entry.Terms.Count + entry.CustomEvents.Count + entry.Assets.Count);
    }

    private static ChunkHeader Header(ReceivedBatch batch, PayloadToSeal payload, long sessionStarted) => new()
    {
        Id = batch.Id,
        Compression = payload.Compression,
        Flags = (batch.Header.HasFullSnapshot ? ChunkFlags.FullSnapshot : 0) | (batch.Header.IsLast ? ChunkFlags.LastOfWindow : 0),
        EventCount = (uint)batch.Header.EventCount,
        FirstTime = batch.Header.FirstTime,
        LastTime = batch.Header.LastTime,
        Digest = batch.Digest,
        SessionStarted = sessionStarted,
        BatchLength = (uint)payload.Length,
        PayloadLength = (uint)payload.Bytes.Length,
    };

    private static ReadOnlyMemory<byte> Inline(Memory<byte> buffer, int chunkLength, byte[] entry, long receivedAt)
    {
        var message = buffer.Span;
        Span<byte> header = stackalloc byte[ChunkHeader.Size];
        message.Slice(QueueMessageHeader.PrefixSize + entry.Length, ChunkHeader.Size).CopyTo(header);
        new QueueMessageHeader
        {
            IsClaimCheck = false, ReceivedAt = receivedAt, EntryLength = entry.Length, BodyLength = chunkLength - ChunkHeader.Size,
        }.WritePrefix(message);
        header.CopyTo(message[QueueMessageHeader.PrefixSize..]);
        entry.CopyTo(message[QueueMessageHeader.Size..]);
        return buffer;
    }

    private async ValueTask<ReadOnlyMemory<byte>> ClaimCheckAsync(
        ChunkId id, ChunkHeader header, ReadOnlyMemory<byte> chunk, byte[] entry, long receivedAt, CancellationToken cancellationToken)
    {
        var blob = BlobPaths.Chunk(
            id.SessionRef, header.SessionStarted, Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(receivedAt)));
        using var stream = new MemorySegmentStream([chunk]);
        await blobs.CreateAsync(blob, stream, chunk.Length, cancellationToken).ConfigureAwait(false);
        var key = Encoding.UTF8.GetBytes(blob);
        var message = new byte[QueueMessageHeader.Size + entry.Length + key.Length];
        new QueueMessageHeader { IsClaimCheck = true, ReceivedAt = receivedAt, EntryLength = entry.Length,
            BodyLength = key.Length }.WritePrefix(message);
        chunk.Span[..ChunkHeader.Size].CopyTo(message.AsSpan(QueueMessageHeader.PrefixSize));
        entry.CopyTo(message.AsSpan(QueueMessageHeader.Size));
        key.CopyTo(message.AsSpan(QueueMessageHeader.Size + entry.Length));
        return message;
    }
}
