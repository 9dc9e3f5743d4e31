namespace SessionReplay.Queues.RabbitMQ;

/// <summary>Where the broker's nodes are.</summary>
internal static class RabbitMQConnectionString
{
    private const string EncryptedScheme = "amqps";
    private const string PlainScheme = "amqp";

    /// <exception cref="FormatException">It cannot be read; the message holds nothing of it, as there may be a password in it.</exception>
    internal static Uri[] Parse(string text)
    {
        var parts = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Uri[] uris = [.. parts.Select(part => Uri.TryCreate(part, UriKind.Absolute, out var uri) ? uri : null).OfType<Uri>()];
        return uris.Length > 0 && uris.Length == parts.Length
            && Array.TrueForAll(uris, uri => uri is { Scheme: EncryptedScheme or PlainScheme, Host.Length: > 0 })
            ? uris
            : throw new FormatException(
                "it must be one URI or several separated by commas, each like amqps://user:password@host:5671/virtual-host; "
                + "special characters of the password are percent-encoded.");
    }

    internal static bool IsEncrypted(Uri uri) => string.Equals(uri.Scheme, EncryptedScheme, StringComparison.Ordinal);
}
