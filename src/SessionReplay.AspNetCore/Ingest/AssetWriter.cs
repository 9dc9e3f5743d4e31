using Microsoft.Extensions.Options;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Messages;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>
/// Stores assets: a row in the catalog reserves room, then the sealed object is written, then the row says that it is there. A crash in
/// between leaves a row that nobody uses, which the sweep removes with its object.
/// </summary>
internal sealed class AssetWriter(
    IOptions<IngestOptions> options, ITenantCipherProvider ciphers, [Guarded] IBlobStore blobs, [Guarded] IAssetCatalog assets,
    IngestQuotas quotas, AssetReservations reservations)
{
    /// <exception cref="IngestRejectedException">A quota is used up, the tenant has no room, or an object of this name is being
    /// deleted.</exception>
    public async ValueTask StoreAsync(AssetUpload upload, IngestMemory.Account memory, CancellationToken cancellationToken)
    {
        var header = new AssetHeader
        {
            Tenant = upload.Session.Tenant,
            Hash = upload.Hash,
            Compression = upload.Payload.Compression,
            MediaType = upload.Type,
            ContentLength = (uint)upload.Payload.Length,
            PayloadLength = (uint)upload.Payload.Bytes.Length,
        };
        var isThere = (await assets.FindAsync(upload.Session, [upload.Hash], cancellationToken).ConfigureAwait(false)).Count > 0;
        if (!isThere)
        {
            await quotas.TakeAssetAsync(upload, AssetEntry.ChargeOf(header.ObjectLength), cancellationToken).ConfigureAwait(false);
        }

        // The page may go away now: what came whole is kept.
        var sender = await SenderAsync(upload).ConfigureAwait(false);
        var asset = await reservations.TakeAsync(header, upload.Names, sender).ConfigureAwait(false);
        if (!isThere)
        {
            await WriteAsync(header, asset.Key, upload.Payload, memory).ConfigureAwait(false);
        }

        if (!await assets.ConfirmAsync(asset, upload.Session.Session, CancellationToken.None).ConfigureAwait(false))
        {
            // Taken while it was written: whoever took it may have looked for the object before it was there.
            await blobs.DeleteAsync([BlobPaths.Asset(asset.Tenant, asset.Key)], CancellationToken.None).ConfigureAwait(false);
            throw AssetReservations.Removing();
        }
    }

    private async ValueTask<long> SenderAsync(AssetUpload upload)
    {
        using var indexer = await ciphers.GetBlindIndexerAsync(upload.Session.Tenant, CancellationToken.None).ConfigureAwait(false);
        return AssetSenders.Of(indexer, upload.Address);
    }

    private async ValueTask WriteAsync(AssetHeader header, Guid key, PayloadToSeal payload, IngestMemory.Account memory)
    {
        using var time = new CancellationTokenSource(options.Value.PublishTimeout);
        var asset = memory.Rent((int)header.ObjectLength);
        try
        {
            var whole = asset.AsMemory(0, (int)header.ObjectLength);
            using (var cipher = await ciphers.GetOrCreateAssetCipherAsync(header.Tenant, key, time.Token).ConfigureAwait(false))
            {
                cipher.Seal(header, payload.Bytes.Span, whole.Span);
            }

            using var stream = new MemorySegmentStream([whole]);
            await blobs.CreateAsync(BlobPaths.Asset(header.Tenant, key), stream, whole.Length, time.Token).ConfigureAwait(false);
        }
        catch (KeyDeletedException)
        {
            throw AssetReservations.Removing();
        }
        catch (OperationCanceledException e)
        {
            throw new BlobStoreUnavailableException($"The blob store did not confirm within {options.Value.PublishTimeout}.", e);
        }
        finally
        {
            memory.Return(asset);
        }
    }
}
