using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>
/// Removes assets that nobody can open: their keys were discarded, or a key store was restored that never had them. While they count as
/// stored, no recorder uploads them. To be run while no process records.
/// </summary>
public sealed class LostAssets(
    [Guarded] IAssetCatalog assets, [Guarded] IKeyStore keys, [Guarded] ISessionLifecycle lifecycle, AssetDeletion deletion,
    TimeProvider clock)
{
    private const int BatchSize = 500;

    /// <summary>Counts the assets that have no key.</summary>
    public ValueTask<int> CountAsync(CancellationToken cancellationToken) =>
        WalkAsync(static (_, _) => ValueTask.CompletedTask, cancellationToken);

    /// <summary>Takes the assets among keys that are to be discarded: from then on they count as not stored.</summary>
    public async ValueTask TakeAsync(IReadOnlyCollection<DataKeyId> discarded, CancellationToken cancellationToken)
    {
        foreach (var tenant in discarded.Where(static key => key.Purpose == DataKeyPurpose.Asset).GroupBy(static key => key.Tenant))
        {
            await assets.TakeAsync(tenant.Key, [.. tenant.Select(static key => key.Id)], clock.GetUtcNow(), cancellationToken)
                .ConfigureAwait(false);
        }
    }

    /// <summary>Takes the assets that have no key, and deletes all that were taken.</summary>
    /// <returns>How many were deleted.</returns>
    public async ValueTask<int> DeleteAsync(CancellationToken cancellationToken)
    {
        await WalkAsync(TakeAsync, cancellationToken).ConfigureAwait(false);
        var deleted = 0;
        foreach (var tenant in await lifecycle.ListTenantsAsync(cancellationToken).ConfigureAwait(false))
        {
            deleted += await deletion.DeleteUnusedAsync(tenant, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, cancellationToken)
                .ConfigureAwait(false);
        }

        return deleted;
    }

    private async ValueTask<int> WalkAsync(
        Func<IReadOnlyCollection<DataKeyId>, CancellationToken, ValueTask> take, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var tenant in await lifecycle.ListTenantsAsync(cancellationToken).ConfigureAwait(false))
        {
            ContentHash? after = null;
            while (await assets.ListAsync(tenant, after, BatchSize, cancellationToken).ConfigureAwait(false) is { Count: > 0 } page)
            {
                List<DataKeyId> ids = [.. page.Select(asset => DataKeyId.OfAsset(tenant, asset.Key))];
                var found = await keys.FindManyAsync(ids, cancellationToken).ConfigureAwait(false);
                List<DataKeyId> lost = [.. ids.Where(id => !found.ContainsKey(id))];
                await take(lost, cancellationToken).ConfigureAwait(false);
                (count, after) = (count + lost.Count, page[^1].Hash);
            }
        }

        return count;
    }
}
