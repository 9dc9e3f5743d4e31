using System.Net;

namespace SessionReplay.AspNetCore;

/// <summary>
/// Bounds how many refusals of requests without a login are written to the audit log, by address: each is a durable row, and anybody can
/// ask for one. What comes beyond is refused unheard.
/// </summary>
internal sealed class DeniedRequests : IDisposable
{
    private const int RowsPerSecondPerAddress = 2;

    private readonly TokenBuckets _addresses = new(RowsPerSecondPerAddress);

    public bool MayBeAudited(IPAddress? address) => _addresses.TryTake(TokenBuckets.NameOf(address), out _);

    public void Dispose() => _addresses.Dispose();
}
