namespace SessionReplay.Catalog;

/// <summary>The answer of <see cref="IAssetCatalog.ReserveAsync"/>.</summary>
/// <param name="Reservation">Whether the object may be written.</param>
/// <param name="Key">The asset's <see cref="AssetEntry.Key"/>: that of whoever reserved it first.</param>
public readonly record struct AssetRoom(AssetReservation Reservation, Guid Key);
