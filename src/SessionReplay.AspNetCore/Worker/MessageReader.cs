using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Queues;
using SessionReplay.Storage;
using SessionReplay.Wire;

namespace SessionReplay.AspNetCore.Worker;

/// <summary>Takes messages of the queue apart. The worker opens the facts with the tenant's metadata key; it never holds a session key.</summary>
internal sealed class MessageReader(ITenantCipherProvider ciphers)
{
    /// <summary>The name under which a chunk's facts are sealed (docs/format/v1.md, section 8).</summary>
    public const string FactsField = "chunk.facts";

    /// <exception cref="FormatRejectedException">The message can never be stored.</exception>
    /// <exception cref="KeyStoreUnavailableException">Try again later.</exception>
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
                BlobKey.ThrowIfInvalid(Encoding.UTF8.GetString(read.Body.Span));
            }

            return read;
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or ArgumentException)
        {
            throw new FormatRejectedException("Q1", "The facts or the claim check of the queue message cannot be read.");
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
