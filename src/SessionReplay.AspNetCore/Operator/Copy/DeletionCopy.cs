using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Lifecycle;

namespace SessionReplay.AspNetCore.Operator.Copy;

/// <summary>Copies tombstones, last of all: what was deleted at the source while it was copied does not survive at the target.</summary>
internal sealed class DeletionCopy(CopyEnd source, CopyEnd target, TimeProvider clock, CopyReport report)
{
    private readonly AssetDeletion _assets = new(target.Assets, target.TenantCiphers, target.Blobs, new AssetCache(clock), clock);

    public async ValueTask CopyAllAsync(CancellationToken cancellationToken)
    {
        var assets = new HashSet<DataKeyId>();
        await foreach (var (key, there) in SideBySide.MatchAsync<DeletedKey>(
            after => ListAsync(source, after, cancellationToken),
            after => ListAsync(target, after, cancellationToken),
            DeletedKey.Compare,
            cancellationToken).ConfigureAwait(false))
        {
            if (there is null)
            {
                await target.Keys.DeleteAsync(key.Id, cancellationToken).ConfigureAwait(false);
                _ = key.Id.Purpose == DataKeyPurpose.Asset && assets.Add(key.Id);
            }
        }

        await foreach (var (deleted, there) in SideBySide.MatchAsync<DeletedSession>(
            after => source.Sessions.ListDeletedAsync(after?.Session, SideBySide.PageSize, cancellationToken),
            after => target.Sessions.ListDeletedAsync(after?.Session, SideBySide.PageSize, cancellationToken),
            static (a, b) => SideBySide.Compare(a.Session, b.Session),
            cancellationToken).ConfigureAwait(false))
        {
            if (there is null)
            {
                await DeleteAsync(deleted, cancellationToken).ConfigureAwait(false);
                report.Deletions++;
            }
        }

        foreach (var tenant in assets.Select(static id => id.Tenant).Distinct())
        {
            await DeleteAssetsAsync(tenant, assets, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Assets whose key was deleted at the source are not there at the target either: else pages would not send them.</summary>
    private async ValueTask DeleteAssetsAsync(TenantId tenant, HashSet<DataKeyId> deleted, CancellationToken cancellationToken)
    {
        IReadOnlyList<AssetEntry> page;
        for (ContentHash? after = null; ; after = page[^1].Hash)
        {
            page = await target.Assets.ListAsync(tenant, after, SideBySide.PageSize, cancellationToken).ConfigureAwait(false);
            var gone = page.Where(asset => deleted.Contains(DataKeyId.OfAsset(tenant, asset.Key))).Select(static asset => asset.Hash)
                .ToList();
            var taken = await target.Assets.TakeUnnamedAsync(tenant, gone, clock.GetUtcNow(), cancellationToken).ConfigureAwait(false);
            await _assets.FinishAsync(tenant, taken, cancellationToken).ConfigureAwait(false);
            if (page.Count < SideBySide.PageSize)
            {
                return;
            }
        }
    }

    private static async ValueTask<IReadOnlyList<DeletedKey>> ListAsync(CopyEnd end, DeletedKey? after, CancellationToken cancellationToken)
    {
        var page = await end.KeyTombstones.ListDeletedAsync(after?.Id, SideBySide.PageSize, cancellationToken).ConfigureAwait(false);
        return [.. page.Select(static id => new DeletedKey(id))];
    }

    /// <summary>The key first; the tombstone is noted when all is gone, so that an interrupted run does it again.</summary>
    private async ValueTask DeleteAsync(DeletedSession deleted, CancellationToken cancellationToken)
    {
        await target.Keys.DeleteAsync(DataKeyId.OfSession(deleted.Session), cancellationToken).ConfigureAwait(false);
        if (await target.Catalog.FindSessionAsync(deleted.Session, cancellationToken).ConfigureAwait(false) is { } row)
        {
            var keys = new List<string>();
            var prefix = BlobPaths.Session(row.Session, row.SessionStarted);
            await foreach (var blob in target.Blobs.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
            {
                keys.Add(blob.Key);
            }

            await target.Blobs.DeleteAsync(keys, cancellationToken).ConfigureAwait(false);
            await target.Lifecycle.BeginDeletionAsync(deleted.Session, deleted.DeletedAt, cancellationToken).ConfigureAwait(false);
            var assets = await _assets.ShredAsync(deleted.Session, cancellationToken).ConfigureAwait(false);
            await _assets.FinishAsync(deleted.Session.Tenant, assets, cancellationToken).ConfigureAwait(false);
        }

        await target.Lifecycle.DeleteSessionAsync(deleted.Session, deleted.DeletedAt, cancellationToken).ConfigureAwait(false);
    }

    private sealed record DeletedKey(DataKeyId Id)
    {
        public static int Compare(DeletedKey a, DeletedKey b) =>
            string.CompareOrdinal(a.Id.Tenant.Value, b.Id.Tenant.Value) is not 0 and var tenant ? tenant
            : a.Id.Purpose.CompareTo(b.Id.Purpose) is not 0 and var purpose ? purpose
            : a.Id.Id.CompareTo(b.Id.Id);
    }
}
