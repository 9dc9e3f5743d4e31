using System.Net;
using System.Numerics;
using System.Text;
using SessionReplay.Catalog;
using SessionReplay.Keys;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>
/// Counts from how many networks an asset was sent, in 64 bits that name none of them: each network has one bit, by a blind index. A
/// visitor's own picture comes from few networks, a site's from many.
/// </summary>
internal static class AssetSenders
{
    /// <summary>
    /// How many networks make an asset common: this, and up to as many more, which depends on the asset and on the tenant's key.
    /// </summary>
    private const int Least = 8;

    public static long Of(IBlindIndexer indexer, IPAddress? address) =>
        1L << (indexer.Index("asset-sender", Encoding.ASCII.GetBytes(TokenBuckets.NameOf(address)))[0] & 63);

    public static bool AreMany(IBlindIndexer indexer, FoundAsset asset) =>
        BitOperations.PopCount((ulong)asset.Senders) >= Least + (indexer.Index("asset-common", asset.Hash.ToBytes())[0] & (Least - 1));
}
