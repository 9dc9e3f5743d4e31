
namespace SessionReplay.Catalog;

/// <summary>
/// Knows which assets of a tenant the blob store holds, and what names them: sessions (<see cref="SessionDelta.Assets"/>) and other assets
/// (<see cref="AssetEntry.Names"/>). Safe for concurrent use, also by many processes. Every member throws
/// <see cref="CatalogUnavailableException"/> when the catalog cannot be reached; the call may be made again.
/// </summary>
public interface IAssetCatalog
{
    /// <summary>Finds which assets are there, for a session that asks.</summary>
    /// <param name="session">The session.</param>
    /// <param name="hashes">The assets, at most 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Those that are there.</returns>
    ValueTask<IReadOnlyList<FoundAsset>> FindAsync(
        SessionRef session, IReadOnlyCollection<ContentHash> hashes, CancellationToken cancellationToken);

    /// <summary>
    /// Finds which assets are there, and notes that they are in use; the time of use may lag by an hour. The time of one that nothing has
    /// named yet stays that of its first upload.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="hashes">The assets, at most 1,000.</param>
    /// <param name="now">The time of use.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Those that are there.</returns>
    ValueTask<IReadOnlyList<ContentHash>> TouchAsync(
        TenantId tenant, IReadOnlyCollection<ContentHash> hashes, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Reserves room for an asset before its object is written. The asset is there once <see cref="ConfirmAsync"/> was called.
    /// </summary>
    /// <param name="asset">The asset.</param>
    /// <param name="maxBytes">
    /// How many bytes all assets of the tenant may have together; each counts at least 4,096. Those that no session has named yet, itself
    /// or by a stylesheet, have a twentieth of it, and 16 MiB at least.
    /// </param>
    /// <param name="now">The time of use, of the asset and of those it names.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether the object may be written, and under which key. Room that is reserved already is reserved again, with the key that
    /// it has.</returns>
    ValueTask<AssetRoom> ReserveAsync(AssetEntry asset, long maxBytes, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Notes that the object of a reserved asset is written.</summary>
    /// <param name="asset">The asset; its key is that of <see cref="AssetRoom"/>, and its senders are added to those it has.</param>
    /// <param name="session">The session that sent it and names it from now on, if the catalog knows the session.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether the asset is there; <see langword="false"/> when it was taken since it was reserved, and the object is to be
    /// deleted.</returns>
    ValueTask<bool> ConfirmAsync(AssetEntry asset, SessionId? session, CancellationToken cancellationToken);

    /// <summary>
    /// Takes assets that no session and no other asset names and that were not in use since a time: from then on they are not there, and
    /// the caller deletes their objects. Of two concurrent callers only one gets an asset. Assets that were taken long ago and not
    /// forgotten are taken again.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="usedBefore">Takes those last used before this.</param>
    /// <param name="takenBefore">Takes again those taken before this.</param>
    /// <param name="now">The time noted as that of taking.</param>
    /// <param name="limit">The greatest number, from 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The assets, without what they name.</returns>
    ValueTask<IReadOnlyList<AssetEntry>> TakeUnusedAsync(
        TenantId tenant, DateTimeOffset usedBefore, DateTimeOffset takenBefore, DateTimeOffset now, int limit,
        CancellationToken cancellationToken);

    /// <summary>
    /// Takes those of the given assets that no session and no other asset names, whenever they were used. Sessions whose deletion has begun
    /// and assets that were taken do not count. What was taken before is given again, so that an interrupted deletion can be resumed.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="hashes">The assets, at most 1,000.</param>
    /// <param name="now">The time noted as that of taking.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The assets that were taken, with what they name.</returns>
    ValueTask<IReadOnlyList<AssetEntry>> TakeUnnamedAsync(
        TenantId tenant, IReadOnlyCollection<ContentHash> hashes, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Takes assets by their keys, whatever names them and whether or not their objects are written: nobody can open them any more. What
    /// was taken before is given again.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="keys">Each asset's <see cref="AssetEntry.Key"/>, at most 1,000; those that the catalog does not know are passed
    /// over.</param>
    /// <param name="now">The time noted as that of taking.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The assets that were taken, without what they name.</returns>
    ValueTask<IReadOnlyList<AssetEntry>> TakeAsync(
        TenantId tenant, IReadOnlyCollection<Guid> keys, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Finds which keys of assets the catalog knows: those of assets that are there, reserved or taken.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="keys">Keys of assets, at most 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The keys that it knows.</returns>
    ValueTask<IReadOnlyList<Guid>> FindKnownAsync(TenantId tenant, IReadOnlyCollection<Guid> keys, CancellationToken cancellationToken);

    /// <summary>Forgets assets that were taken and whose objects are deleted, with their room and what they name.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="hashes">The assets, at most 1,000; those that were not taken are passed over.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when they are forgotten.</returns>
    ValueTask ForgetAsync(TenantId tenant, IReadOnlyCollection<ContentHash> hashes, CancellationToken cancellationToken);

    /// <summary>Lists the assets that are there.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="after">Lists what comes behind this; <see langword="null"/> begins.</param>
    /// <param name="limit">The greatest number, from 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The assets in the order of their hashes.</returns>
    ValueTask<IReadOnlyList<AssetEntry>> ListAsync(TenantId tenant, ContentHash? after, int limit, CancellationToken cancellationToken);

    /// <summary>Lists the assets that a session names.</summary>
    /// <param name="session">The session.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The assets in the order of their hashes.</returns>
    ValueTask<IReadOnlyList<ContentHash>> ListNamedAsync(SessionRef session, CancellationToken cancellationToken);

    /// <summary>Finds the keys of assets that a session names, itself or by one of its stylesheets.</summary>
    /// <param name="session">The session.</param>
    /// <param name="hashes">The assets, at most 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The <see cref="AssetEntry.Key"/> of each. Assets that the session does not name or that are not there are left
    /// out.</returns>
    ValueTask<IReadOnlyDictionary<ContentHash, Guid>> FindKeysAsync(
        SessionRef session, IReadOnlyCollection<ContentHash> hashes, CancellationToken cancellationToken);
}
