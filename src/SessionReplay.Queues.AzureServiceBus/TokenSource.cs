using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>Makes the tokens with which the service lets this client in: signed with the policy's key, or from the application's provider.</summary>
internal sealed class TokenSource(ServiceBusConnectionString connection, IServiceBusTokenProvider? provider, TimeSpan lifetime, TimeProvider time)
{
    private const string SignatureScheme = "SharedAccessSignature";

    /// <summary>Gets what <c>$cbs</c> calls this kind of token.</summary>
    internal string Type => connection.Key is null ? "jwt" : "servicebus.windows.net:sastoken";

    /// <summary>Gets a token for a resource.</summary>
    /// <param name="audience">The resource's URL.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal ValueTask<ServiceBusToken> GetAsync(string audience, CancellationToken cancellationToken) => connection.Key is { } key
        ? ValueTask.FromResult(Sign(audience, connection.KeyName!, key, time.GetUtcNow() + lifetime))
        : provider!.GetTokenAsync(cancellationToken);

    /// <summary>Gets a token as a header of HTTP.</summary>
    internal async ValueTask<AuthenticationHeaderValue> GetHeaderAsync(string audience, CancellationToken cancellationToken)
    {
        var token = await GetAsync(audience, cancellationToken).ConfigureAwait(false);
        return connection.Key is null
            ? new AuthenticationHeaderValue("Bearer", token.Value)
            : new AuthenticationHeaderValue(SignatureScheme, token.Value[(SignatureScheme.Length + 1)..]);
    }

    /// <summary>Makes a shared access signature: HMAC-SHA256 of the encoded resource and the expiry under the policy's key.</summary>
    internal static ServiceBusToken Sign(string audience, string keyName, string key, DateTimeOffset expiresAt)
    {
        var resource = Uri.EscapeDataString(audience);
        var seconds = expiresAt.ToUnixTimeSeconds();
        var expiry = seconds.ToString(CultureInfo.InvariantCulture);
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(resource + "\n" + expiry)));
        return new ServiceBusToken(
            $"{SignatureScheme} sr={resource}&sig={Uri.EscapeDataString(signature)}&se={expiry}&skn={Uri.EscapeDataString(keyName)}",
            DateTimeOffset.FromUnixTimeSeconds(seconds));
    }
}
