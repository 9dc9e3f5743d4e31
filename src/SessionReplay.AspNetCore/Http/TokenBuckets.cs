using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace SessionReplay.AspNetCore;

/// <summary>A token bucket for each name, for instance for each address. Buckets that are full again are forgotten.</summary>
internal sealed class TokenBuckets(int perSecond) : IDisposable
{
    private const int BurstFactor = 4;

    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(
        name => RateLimitPartition.GetTokenBucketLimiter(name, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = perSecond * BurstFactor,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        }));

    /// <summary>Gets the name under which an address is counted: a connection with IPv6 has 2^72 of them (a /56).</summary>
    public static string NameOf(IPAddress? address)
    {
        if (address is null)
        {
            return string.Empty;
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes(), 0, 7)
            : address.ToString();
    }

    /// <summary>Takes a token. If there is none, returns after what time there is one, where that is known.</summary>
    public bool TryTake(string name, out TimeSpan? retryAfter)
    {
        using var lease = _limiter.AttemptAcquire(name);
        retryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var time) ? time : null;
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
