using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Lifecycle;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>Finds out which assets of a recording the server does not have.</summary>
internal sealed class MissingAssetFinder(
    ITenantCipherProvider ciphers, [Guarded] IAssetCatalog assets, AssetCache known, TimeProvider clock)
{
    /// <summary>
    /// Returns the assets that a page has to send. An asset that the session does not name is there for it once enough networks have sent
    /// it; how many depends on the asset and is secret: somebody with a visitor's picture and the public key must not learn whether it was
    /// recorded.
    /// </summary>
    public async ValueTask<IReadOnlyCollection<ContentHash>> FindAsync(
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
}
