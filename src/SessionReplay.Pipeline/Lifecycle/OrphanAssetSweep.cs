using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>
/// Destroys keys and deletes objects of assets that the catalog does not know: what a crash has left, or what came after the backup from
/// which a catalog was restored. Nothing else would ever end them.
/// </summary>
// Long: the container fills it.
internal sealed class OrphanAssetSweep(
    [Guarded] IKeyLifecycle keys, [Guarded] IAssetCatalog assets, [Guarded] IBlobStore blobs, ITenantCipherProvider ciphers,
    SweepTurns turns, TimeProvider clock, ILogger<OrphanAssetSweep> logger) : ISweep
{
    /// <summary>How many orphans are deleted without an operator's word, whatever their share.</summary>
    public const int MaxFew = 10;

    private const int BatchSize = 500;

    /// <summary>
    /// The objects of a tenant lie in 256 folders. Each is looked through once in 32 days: a listing costs money at a store.
    /// </summary>
    private const int Days = 32;

    private static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    /// <summary>Does its work once a day.</summary>
    /// <returns>How many assets were deleted.</returns>
    public ValueTask<int> RunAsync(CancellationToken cancellationToken) =>
        turns.TakeAsync(Interval, tenant => SweepAsync(new(tenant.Id), false, cancellationToken), cancellationToken);

    /// <summary>Sweeps a tenant with an operator's word, however many orphans it has.</summary>
    /// <returns>How many assets were deleted.</returns>
    public ValueTask<int> RunConfirmedAsync(TenantId tenant, CancellationToken cancellationToken) =>
        SweepAsync(tenant, true, cancellationToken);

    /// <summary>Many at once, or all, mean that the catalog is not the one that these assets belong to.</summary>
    private static bool AreFew(int orphans, int all) =>
        orphans * 100L <= all * (long)RetentionGuard.MaxSharePercent || (orphans <= MaxFew && orphans < all);

    private async ValueTask<int> SweepAsync(TenantId tenant, bool isConfirmed, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        // The row is written before the key, and the key before the object: what is young may belong to a copy or a restore that goes on.
        var old = keys.ListAllAsync(tenant, DataKeyPurpose.Asset, now - AssetSweep.Grace, cancellationToken).Select(static key => key.Id);
        var deleted = await DeleteOrphansAsync(tenant, old, isConfirmed, cancellationToken).ConfigureAwait(false);
        for (var folder = (int)(now.UtcTicks / TimeSpan.TicksPerDay % Days); folder < 256; folder += Days)
        {
            var objects = ObjectsAsync(tenant, (byte)folder, now, cancellationToken);
            deleted += await DeleteOrphansAsync(tenant, objects, isConfirmed, cancellationToken).ConfigureAwait(false);
        }

        if (deleted > 0)
        {
            Log.OrphanAssetsDeleted(logger, deleted, tenant);
        }

        return deleted;
    }

    private async ValueTask<int> DeleteOrphansAsync(
        TenantId tenant, IAsyncEnumerable<Guid> found, bool isConfirmed, CancellationToken cancellationToken)
    {
        var (orphans, all) = (new List<Guid>(), 0);
        await foreach (var page in found.Chunk(BatchSize).ConfigureAwait(false))
        {
            orphans.AddRange(page.Except(await assets.FindKnownAsync(tenant, page, cancellationToken).ConfigureAwait(false)));
            all += page.Length;
        }

        if (!isConfirmed && !AreFew(orphans.Count, all))
        {
            Log.OrphanAssetsStopped(logger, tenant, orphans.Count, all);
            return 0;
        }

        foreach (var page in orphans.Chunk(BatchSize))
        {
            foreach (var key in page)
            {
                await ciphers.DeleteAssetKeyAsync(tenant, key, cancellationToken).ConfigureAwait(false);
            }

            await blobs.DeleteAsync([.. page.Select(key => BlobPaths.Asset(tenant, key))], cancellationToken).ConfigureAwait(false);
        }

        return orphans.Count;
    }

    private async IAsyncEnumerable<Guid> ObjectsAsync(
        TenantId tenant, byte folder, DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var blob in blobs.ListAsync(BlobPaths.Assets(tenant, folder), cancellationToken).ConfigureAwait(false))
        {
            if (blob.LastModified < now - AssetSweep.Grace && BlobPaths.TryReadAsset(blob.Key, out var key))
            {
                yield return key;
            }
        }
    }
}
