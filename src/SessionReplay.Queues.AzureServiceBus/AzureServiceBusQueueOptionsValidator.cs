using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Options;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>Refuses missing or malformed connection settings at the start, without repeating a connection string: it holds a key.</summary>
[OptionsValidator]
internal sealed partial class AzureServiceBusQueueOptionsValidator(string path) : IValidateOptions<AzureServiceBusQueueOptions>
{
    ValidateOptionsResult IValidateOptions<AzureServiceBusQueueOptions>.Validate(string? name, AzureServiceBusQueueOptions options) =>
        Validate(name, options).At<AzureServiceBusQueueOptions>(path, new[]
        {
            CheckSources(options),
            CheckConnectionString(nameof(options.ConnectionString), options.ConnectionString, options.QueueName),
            CheckConnectionString(nameof(options.AdministrationConnectionString), options.AdministrationConnectionString, null),
        }.OfType<string>());

    private string? CheckSources(AzureServiceBusQueueOptions options)
    {
        var unset = (string.IsNullOrEmpty(options.ConnectionString) ? 1 : 0)
            + (string.IsNullOrEmpty(options.FullyQualifiedNamespace) ? 1 : 0)
            + (options.ServiceKey is null ? 1 : 0);
        return unset == 2
            ? null
            : $"'{path}:ConnectionString', FullyQualifiedNamespace and ServiceKey exclude each other: set exactly one.";
    }

    private string? CheckConnectionString(string option, string? text, string? queue)
    {
        try
        {
            var parsed = string.IsNullOrEmpty(text) ? null : ServiceBusConnectionStringProperties.Parse(text);
            return parsed switch
            {
                null => null,
                not { Endpoint: not null, SharedAccessKeyName.Length: > 0, SharedAccessKey.Length: > 0 } =>
                    $"'{path}:{option}' needs Endpoint, SharedAccessKeyName and SharedAccessKey. To sign in with Entra ID, set FullyQualifiedNamespace.",
                { EntityPath: { Length: > 0 } entity } when !entity.Equals(queue ?? entity, StringComparison.OrdinalIgnoreCase) =>
                    $"'{path}:QueueName' is not the EntityPath of {option}, whose key belongs to that queue alone. Remove one of the two.",
                _ => null,
            };
        }
        catch (FormatException)
        {
            return $"'{path}:{option}' is not a connection string of Service Bus. Copy it from the portal: "
                + "'Endpoint=sb://...;SharedAccessKeyName=...;SharedAccessKey=...'.";
        }
    }
}
