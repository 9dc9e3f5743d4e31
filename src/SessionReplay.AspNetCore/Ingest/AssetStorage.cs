using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Lifecycle;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.AspNetCore.Worker;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>
/// Stores assets: a row in the catalog reserves room, then the sealed object is written, then the row says that it is there. A crash in between
/// leaves a row that nobody uses, which the sweep removes with its object.
/// </summary>
internal sealed class AssetStorage(
    IOptions<SessionReplayOptions> options, ITenantCipherProvider ciphers, [Guarded] IBlobStore blobs, [Guarded] IAssetCatalog assets,
    IngestQuotas quotas, UnnamedAssets rooms, AssetCache known, TimeProvider clock)
{
    public const string QuotaCode = "asset-quota";

    public static IngestRejectedException Refusal(string title) =>
        new(StatusCodes.Status429TooManyRequests, QuotaCode, title, "The recording goes on without this asset.") { IsFinal = true };

    /// <summary>
    /// Which assets a page has to send. An asset that the session does not name is there for it once enough networks have sent it, how many depends on the asset
    /// and is nobody's to know: who has a visitor's picture and the public key must not learn whether it was recorded.
    /// </summary>
    public async ValueTask<IReadOnlyCollection<ContentHash>> FindMissingAsync(
        SessionRef session, IReadOnlyCollection<ContentHash> hashes, CancellationToken cancellationToken)
    {
        var unknown = hashes.Where(hash => !known.Contains(session.Tenant, hash)).Distinct().ToList();
        if (unknown.Count == 0)
        {
            return [];
        }

        var found = await assets.FindAsync(session, unknown, cancellationToken).ConfigureAwait(false);
        using var indexer = await ciphers.GetBlindIndexerAsync(session.Tenant, cancellationToken).ConfigureAwait(false);
        var common = found.Where(asset => AssetSenders.AreMany(indexer, asset)).Select(static asset => asset.Hash).ToHashSet();
        var mayKnow = found.Where(asset => asset.IsNamed || common.Contains(asset.Hash)).Select(static asset => asset.Hash).ToList();
        if (mayKnow.Count == 0)
        {
            return unknown;
        }

        var there = await assets.TouchAsync(session.Tenant, mayKnow, clock.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        foreach (var hash in there.Where(common.Contains))
        {
            known.Add(session.Tenant, hash);
        }

        return [.. unknown.Except(there)];
    }

    /// <exception cref="IngestRejectedException">A quota is used up, the tenant has no room, or an object of this name is being deleted.</exception>
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
        var asset = await ReserveAsync(new()
        {
            Tenant = header.Tenant, Hash = header.Hash, Key = Guid.CreateVersion7(clock.GetUtcNow()), Bytes = header.ObjectLength, Names = upload.Names,
            Senders = await SenderAsync(upload).ConfigureAwait(false),
        }).ConfigureAwait(false);
        if (!isThere)
        {
            await WriteAsync(header, asset.Key, upload.Payload, memory).ConfigureAwait(false);
        }

        if (!await assets.ConfirmAsync(asset, upload.Session.Session, CancellationToken.None).ConfigureAwait(false))
        {
            // Taken while it was written: whoever took it may have looked for the object before it was there.
            await blobs.DeleteAsync([BlobPaths.Asset(asset.Tenant, asset.Key)], CancellationToken.None).ConfigureAwait(false);
            throw Removing();
        }
    }

    private static IngestRejectedException Removing() => IngestProblems.Unavailable("asset-removing", "An asset of this name is being removed.");

    private async ValueTask<long> SenderAsync(AssetUpload upload)
    {
        using var indexer = await ciphers.GetBlindIndexerAsync(upload.Session.Tenant, CancellationToken.None).ConfigureAwait(false);
        return AssetSenders.Of(indexer, upload.Address);
    }

    private async ValueTask<AssetEntry> ReserveAsync(AssetEntry asset)
    {
        var max = options.Value.Ingest.MaxTenantAssetBytes;
        var room = await assets.ReserveAsync(asset, max, clock.GetUtcNow(), CancellationToken.None).ConfigureAwait(false);
        if (room.Reservation == AssetReservation.Full && await rooms.TryMakeAsync(asset.Tenant, CancellationToken.None).ConfigureAwait(false))
        {
            room = await assets.ReserveAsync(asset, max, clock.GetUtcNow(), CancellationToken.None).ConfigureAwait(false);
        }

        return room.Reservation switch
        {
            AssetReservation.Full => throw Refusal("The tenant's assets have as many bytes as they may."),
            AssetReservation.Removing => throw Removing(),
            _ => asset with { Key = room.Key },
        };
    }

    private async ValueTask WriteAsync(AssetHeader header, Guid key, SealedPayload payload, IngestMemory.Account memory)
    {
        using var time = new CancellationTokenSource(options.Value.Ingest.PublishTimeout);
        var asset = memory.Borrow((int)header.ObjectLength);
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
            throw Removing();
        }
        catch (OperationCanceledException e)
        {
            throw new BlobStoreUnavailableException($"The blob store did not confirm within {options.Value.Ingest.PublishTimeout}.", e);
        }
        finally
        {
            memory.Return(asset);
        }
    }
}
