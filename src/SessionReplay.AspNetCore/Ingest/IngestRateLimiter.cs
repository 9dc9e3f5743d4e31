using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>Bounds requests, and the work they cause, per address and per write key.</summary>
internal sealed class IngestRateLimiter(IOptions<IngestOptions> options, TimeProvider clock) : IDisposable
{
    private readonly WorkBudget _workOfAddresses = new(options.Value.WorkPerSecondPerAddress, clock);
    private readonly WorkBudget _workOfKeys = new(options.Value.WorkPerSecondPerKey, clock);
    private readonly TokenBuckets _addresses = new(options.Value.RequestsPerSecondPerAddress);
    private readonly TokenBuckets _keys = new(options.Value.RequestsPerSecondPerKey);

    /// <exception cref="IngestRejectedException">There were too many requests.</exception>
    public void Take(IPAddress? address, string key)
    {
        Take(_addresses, TokenBuckets.NameOf(address));
        Take(_keys, key);
    }

    /// <summary>Charges the work of a body before it is done.</summary>
    /// <exception cref="IngestRejectedException">The address or the key has had too much done.</exception>
    public void TakeWork(IPAddress? address, string key, long bytes)
    {
        if ((_workOfAddresses.Charge(TokenBuckets.NameOf(address), bytes) ?? _workOfKeys.Charge(key, bytes)) is { } retryAfter)
        {
            throw TooMany("Too much work was asked for.", retryAfter);
        }
    }

    /// <summary>Charges work that turned out later.</summary>
    public void AddWork(IPAddress? address, string key, long bytes)
    {
        _workOfAddresses.Add(TokenBuckets.NameOf(address), bytes);
        _workOfKeys.Add(key, bytes);
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
            throw TooMany("There were too many requests.", retryAfter);
        }
    }

    private static IngestRejectedException TooMany(string title, TimeSpan? retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, "rate-limited", title,
            "Send it again after the time in Retry-After.") { RetryAfter = retryAfter };
}
