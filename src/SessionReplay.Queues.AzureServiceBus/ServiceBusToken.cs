namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>A token that Service Bus takes.</summary>
/// <param name="value">The token itself, a secret.</param>
/// <param name="expiresAt">Until when it is valid.</param>
public sealed class ServiceBusToken(string value, DateTimeOffset expiresAt)
{
    /// <summary>Gets the token itself, a secret.</summary>
    public string Value { get; } = value;

    /// <summary>Gets until when it is valid.</summary>
    public DateTimeOffset ExpiresAt { get; } = expiresAt;
}
