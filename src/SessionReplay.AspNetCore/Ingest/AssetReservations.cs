using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using SessionReplay.Catalog;
using SessionReplay.Pipeline.Lifecycle;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>Reserves room in the catalog for a tenant's assets; if there is none, deletes assets that no session names.</summary>
internal sealed class AssetReservations(
    IOptions<IngestOptions> options, [Guarded] IAssetCatalog assets, UnnamedAssets unnamed, TimeProvider clock)
{
    public const string QuotaCode = "asset-quota";

    public static IngestRejectedException Refusal(string title) =>
        new(StatusCodes.Status429TooManyRequests, QuotaCode, title, "The recording goes on without this asset.") { IsFinal = true };

    public static IngestRejectedException Removing() =>
        IngestProblems.Unavailable("asset-removing", "An asset of this name is being removed.");

    /// <exception cref="IngestRejectedException">The tenant has no room, or an object of this name is being deleted.</exception>
    public async ValueTask<AssetEntry> TakeAsync(AssetHeader header, IReadOnlyList<ContentHash> names, long sender)
    {
        var asset = new AssetEntry
        {
            Tenant = header.Tenant, Hash = header.Hash, Key = Guid.CreateVersion7(clock.GetUtcNow()), Bytes = header.ObjectLength,
            Names = names,
            Senders = sender,
        };
        var max = options.Value.MaxTenantAssetBytes;
        var room = await assets.ReserveAsync(asset, max, clock.GetUtcNow(), CancellationToken.None).ConfigureAwait(false);
        if (room.Reservation == AssetReservation.Full
            && await unnamed.TryMakeAsync(asset.Tenant, CancellationToken.None).ConfigureAwait(false))
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
}
