using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>Token buckets per address and per write key. Buckets that are full again are forgotten.</summary>
internal sealed class IngestRateLimiter : IDisposable
{
    private const int BurstFactor = 4;

    private readonly PartitionedRateLimiter<string> _addresses;
    private readonly PartitionedRateLimiter<string> _keys;

    public IngestRateLimiter(IOptions<SessionReplayOptions> options)
    {
        _addresses = Create(options.Value.Ingest.RequestsPerSecondPerAddress);
        _keys = Create(options.Value.Ingest.RequestsPerSecondPerKey);
    }

    /// <exception cref="IngestRejectedException">There were too many requests.</exception>
    public void Take(IPAddress? address, string key)
    {
        Take(_addresses, Name(address));
        Take(_keys, key);
    }

    public void Dispose()
    {
        _addresses.Dispose();
        _keys.Dispose();
    }

    private static void Take(PartitionedRateLimiter<string> limiter, string name)
    {
        using var lease = limiter.AttemptAcquire(name);
        if (!lease.IsAcquired)
        {
            throw new IngestRejectedException(
                StatusCodes.Status429TooManyRequests, "rate-limited", "There were too many requests.", "Send it again after the time in Retry-After.")
            {
                RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter) ? retryAfter : null,
            };
        }
    }

    // Who has an IPv6 address has 2^64 of them.
    private static string Name(IPAddress? address)
    {
        if (address is null)
        {
            return string.Empty;
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes(), 0, 8) : address.ToString();
    }

    private static PartitionedRateLimiter<string> Create(int perSecond) => PartitionedRateLimiter.Create<string, string>(
        name => RateLimitPartition.GetTokenBucketLimiter(name, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = perSecond * BurstFactor,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        }));
}
