namespace SessionReplay.Catalog;

/// <summary>What <see cref="IAssetCatalog.ReserveAsync"/> found.</summary>
public enum AssetReservation
{
    /// <summary>The object may be written.</summary>
    Reserved = 0,

    /// <summary>The tenant has no room for it.</summary>
    Full = 1,

    /// <summary>An object of this name is being deleted; try again later.</summary>
    Removing = 2,
}
