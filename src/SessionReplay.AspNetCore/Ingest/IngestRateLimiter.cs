using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>Token buckets per address and per write key.</summary>
internal sealed class IngestRateLimiter(IOptions<SessionReplayOptions> options) : IDisposable
{
    private readonly TokenBuckets _addresses = new(options.Value.Ingest.RequestsPerSecondPerAddress);
    private readonly TokenBuckets _keys = new(options.Value.Ingest.RequestsPerSecondPerKey);

    /// <exception cref="IngestRejectedException">There were too many requests.</exception>
    public void Take(IPAddress? address, string key)
    {
        Take(_addresses, TokenBuckets.NameOf(address));
        Take(_keys, key);
    }

    public void Dispose()
    {
        _addresses.Dispose();
        _keys.Dispose();
    }

    private static void Take(TokenBuckets buckets, string name)
    {
        if (!buckets.TryTake(name, out var retryAfter))
        {
            throw new IngestRejectedException(
                StatusCodes.Status429TooManyRequests, "rate-limited", "There were too many requests.", "Send it again after the time in Retry-After.")
            {
                RetryAfter = retryAfter,
            };
        }
    }
}
