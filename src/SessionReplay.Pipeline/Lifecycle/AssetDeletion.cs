using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>
/// Deletes assets that the catalog has given up: their keys first, then their objects, then their rows. What is interrupted is taken again,
/// by the same deletion or by the sweep.
/// </summary>
public sealed class AssetDeletion(
    [Guarded] IAssetCatalog assets, ITenantCipherProvider ciphers, [Guarded] IBlobStore blobs, AssetCache known, TimeProvider clock)
{
    private const int BatchSize = 500;

    /// <summary>
    /// Destroys the keys of assets that only this session names, itself or by its stylesheets. The session's deletion has begun.
    /// </summary>
    /// <returns>The assets; their objects are still there.</returns>
    public async ValueTask<IReadOnlyList<AssetEntry>> ShredAsync(SessionRef session, CancellationToken cancellationToken)
    {
        var (shredded, left) = (new List<AssetEntry>(), await assets.ListNamedAsync(session, cancellationToken).ConfigureAwait(false));
        while (left.Count > 0)
        {
            var named = new HashSet<ContentHash>();
            foreach (var page in left.Chunk(BatchSize))
            {
                var taken = await assets.TakeUnnamedAsync(session.Tenant, page, clock.GetUtcNow(), cancellationToken).ConfigureAwait(false);
                await ShredAsync(taken, cancellationToken).ConfigureAwait(false);
                shredded.AddRange(taken);
                named.UnionWith(taken.SelectMany(static asset => asset.Names));
            }

            // Ends: what names another by its hash was made after it.
            left = [.. named];
        }

        return shredded;
    }

    /// <summary>
    /// Deletes assets that nothing names and nobody has asked for since. What a stylesheet named is free when it is deleted: hence until
    /// nothing is found.
    /// </summary>
    /// <param name="tenant">Whose assets.</param>
    /// <param name="unaskedSince">Assets that were asked for later stay.</param>
    /// <param name="takenBefore">What another deletion took before is taken from it.</param>
    /// <param name="cancellationToken">Ends between two pages.</param>
    /// <returns>How many were deleted.</returns>
    public async ValueTask<int> DeleteUnusedAsync(
        TenantId tenant, DateTimeOffset unaskedSince, DateTimeOffset takenBefore, CancellationToken cancellationToken)
    {
        int page;
        var deleted = 0;
        do
        {
            page = await DeleteUnusedAsync(tenant, unaskedSince, takenBefore, BatchSize, cancellationToken).ConfigureAwait(false);
            deleted += page;
        }
        while (page > 0);

        return deleted;
    }

    /// <summary>Deletes a limited number of unused assets.</summary>
    public async ValueTask<int> DeleteUnusedAsync(
        TenantId tenant, DateTimeOffset unaskedSince, DateTimeOffset takenBefore, int limit, CancellationToken cancellationToken)
    {
        var taken = await assets.TakeUnusedAsync(tenant, unaskedSince, takenBefore, clock.GetUtcNow(), limit, cancellationToken)
            .ConfigureAwait(false);
        await ShredAsync(taken, cancellationToken).ConfigureAwait(false);
        await FinishAsync(tenant, taken, cancellationToken).ConfigureAwait(false);
        return taken.Count;
    }

    /// <summary>Destroys the keys of assets that were taken.</summary>
    private async ValueTask ShredAsync(IReadOnlyCollection<AssetEntry> taken, CancellationToken cancellationToken)
    {
        foreach (var asset in taken)
        {
            known.Remove(asset.Tenant, asset.Hash);
            await ciphers.DeleteAssetKeyAsync(asset.Tenant, asset.Key, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Deletes the objects and rows of assets whose keys are destroyed.</summary>
    public async ValueTask FinishAsync(TenantId tenant, IEnumerable<AssetEntry> shredded, CancellationToken cancellationToken)
    {
        foreach (var page in shredded.Chunk(BatchSize))
        {
            await blobs.DeleteAsync([.. page.Select(asset => BlobPaths.Asset(tenant, asset.Key))], cancellationToken).ConfigureAwait(false);
            await assets.ForgetAsync(tenant, [.. page.Select(static asset => asset.Hash)], cancellationToken).ConfigureAwait(false);
        }
    }
}
