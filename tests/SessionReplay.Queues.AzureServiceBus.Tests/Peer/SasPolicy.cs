using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SessionReplay.Queues.AzureServiceBus.Tests.Peer;

/// <summary>
/// A shared access policy, which checks what claims to be signed with its key. Written from the service's documentation, not with the
/// adapter's code.
/// </summary>
public sealed record SasPolicy(string Name, string Key, bool Send = true, bool Listen = true, bool Manage = true)
{
    /// <summary>Tells what is wrong with a token, or null.</summary>
    public static string? Refuse(
        IEnumerable<SasPolicy> policies, string token, string audience, out SasPolicy? policy, out DateTimeOffset expiry)
    {
        policy = null;
        expiry = default;
        const string Scheme = "SharedAccessSignature ";
        if (!token.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return "MalformedToken";
        }

        var parts = token[Scheme.Length..].Split('&').Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[1]);
        var name = Uri.UnescapeDataString(parts["skn"]);
        policy = policies.FirstOrDefault(known => known.Name == name);
        if (policy is null)
        {
            return "InvalidSignature: there is no such policy";
        }

        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(policy.Key), Encoding.UTF8.GetBytes(parts["sr"] + "\n" + parts["se"]));
        if (!CryptographicOperations.FixedTimeEquals(expected, Convert.FromBase64String(Uri.UnescapeDataString(parts["sig"]))))
        {
            return "InvalidSignature: the token has an invalid signature";
        }

        expiry = DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts["se"], CultureInfo.InvariantCulture));
        return expiry <= TimeProvider.System.GetUtcNow() ? "ExpiredToken"
            : !Place(audience).StartsWith(Place(Uri.UnescapeDataString(parts["sr"])), StringComparison.OrdinalIgnoreCase)
                ? "InvalidAudience"
            : null;
    }

    /// <summary>Scheme and port are not part of what a token is for.</summary>
    private static string Place(string url) => new Uri(url).Host + new Uri(url).AbsolutePath;
}
