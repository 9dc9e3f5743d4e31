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
    AssetCache known, TimeProvider clock)
{
    public const string QuotaCode = "asset-quota";

    public static IngestRejectedException Refusal(string title) =>
        new(StatusCodes.Status429TooManyRequests, QuotaCode, title, "The recording goes on without this asset.") { IsFinal = true };

    /// <summary>Which assets a page has to send. Those that are there count as used.</summary>
    public async ValueTask<IReadOnlyCollection<ContentHash>> FindMissingAsync(
        TenantId tenant, IReadOnlyCollection<ContentHash> hashes, CancellationToken cancellationToken)
    {
        var unknown = hashes.Where(hash => !known.Contains(tenant, hash)).Distinct().ToList();
        if (unknown.Count == 0)
        {
            return [];
        }

        var found = await assets.TouchAsync(tenant, unknown, clock.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        foreach (var hash in found)
        {
            known.Add(tenant, hash);
        }

        return [.. unknown.Except(found)];
    }

    /// <exception cref="IngestRejectedException">The tenant has no room, or an object of this name is being deleted.</exception>
    public async ValueTask StoreAsync(
        SessionRef session, ContentHash hash, AssetMediaType type, SealedPayload payload, IReadOnlyList<ContentHash> named,
        IngestMemory.Account memory)
    {
        // The page may go away now: what came whole is kept.
        var header = new AssetHeader
        {
            Tenant = session.Tenant,
            Hash = hash,
            Compression = payload.Compression,
            MediaType = type,
            ContentLength = (uint)payload.Length,
            PayloadLength = (uint)payload.Bytes.Length,
        };
        var asset = await ReserveAsync(new()
        {
            Tenant = header.Tenant, Hash = hash, Key = Guid.CreateVersion7(clock.GetUtcNow()), Bytes = header.ObjectLength, Names = named,
        }).ConfigureAwait(false);
        try
        {
            await WriteAsync(header, asset.Key, payload, memory).ConfigureAwait(false);
        }
        catch (KeyDeletedException)
        {
            throw Removing();
        }

        if (!await assets.ConfirmAsync(asset, session.Session, CancellationToken.None).ConfigureAwait(false))
        {
            // Taken while it was written: whoever took it may have looked for the object before it was there.
            await blobs.DeleteAsync([BlobPaths.Asset(asset.Tenant, asset.Key)], CancellationToken.None).ConfigureAwait(false);
            throw Removing();
        }

        known.Add(asset.Tenant, hash);
    }

    private static IngestRejectedException Removing() => IngestProblems.Unavailable("asset-removing", "An asset of this name is being removed.");

    private async ValueTask<AssetEntry> ReserveAsync(AssetEntry asset)
    {
        var max = options.Value.Ingest.MaxTenantAssetBytes;
        var room = await assets.ReserveAsync(asset, max, clock.GetUtcNow(), CancellationToken.None).ConfigureAwait(false);
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
