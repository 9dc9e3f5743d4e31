using System.Text.RegularExpressions;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>The parts of a connection string.</summary>
internal sealed partial class ServiceBusConnectionString
{
    private ServiceBusConnectionString(Uri endpoint, string? keyName, string? key, string? entityPath, bool isEmulator)
    {
        Host = endpoint.Host;
        Port = endpoint.IsDefaultPort ? null : endpoint.Port;
        KeyName = keyName;
        Key = key;
        EntityPath = entityPath;
        IsEmulator = isEmulator;
    }

    internal string Host { get; }

    /// <summary>Gets the port, where the endpoint names one.</summary>
    internal int? Port { get; }

    internal string? KeyName { get; }

    internal string? Key { get; }

    internal string? EntityPath { get; }

    /// <summary>Gets a value indicating whether it leads to the emulator, which knows no TLS.</summary>
    internal bool IsEmulator { get; }

    /// <exception cref="FormatException">It cannot be read; the message holds nothing of it.</exception>
    internal static ServiceBusConnectionString Parse(string text)
    {
        Uri? endpoint = null;
        string? keyName = null, key = null, entityPath = null;
        var isEmulator = false;
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                throw new FormatException("a part of it is not NAME=VALUE. Copy it anew from the portal.");
            }

            var value = part[(equals + 1)..];
            switch (part[..equals].ToUpperInvariant())
            {
                case "ENDPOINT":
                    endpoint = Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Host.Length > 0 ? uri : null;
                    break;
                case "SHAREDACCESSKEYNAME":
                    keyName = value;
                    break;
                case "SHAREDACCESSKEY":
                    key = value;
                    break;
                case "ENTITYPATH":
                    entityPath = value.Length == 0 || EntityName().IsMatch(value)
                        ? value
                        : throw new FormatException("its EntityPath is not the name of a queue.");
                    break;
                case "USEDEVELOPMENTEMULATOR":
                    isEmulator = bool.TryParse(value, out var flag) && flag;
                    break;
                case "SHAREDACCESSSIGNATURE":
                    throw new FormatException(
                        "a SharedAccessSignature cannot be renewed. Give SharedAccessKeyName and SharedAccessKey, or register an IServiceBusTokenProvider.");
                default:
                    // Parts for other clients, such as TransportType, mean nothing here.
                    break;
            }
        }

        return endpoint is null
            ? throw new FormatException("it needs Endpoint=sb://NAME.servicebus.windows.net/.")
            : string.IsNullOrEmpty(keyName) != string.IsNullOrEmpty(key)
                ? throw new FormatException("it needs both of SharedAccessKeyName and SharedAccessKey, or none of them.")
                : new ServiceBusConnectionString(endpoint, keyName, key, entityPath, isEmulator);
    }

    [GeneratedRegex(AzureServiceBusQueueOptions.QueueNamePattern)]
    private static partial Regex EntityName();
}
