using Azure.Core;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;
using Microsoft.Extensions.DependencyInjection;

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>Turns options into Microsoft's clients, or takes the application's own.</summary>
/// <param name="Client">Sends, receives and settles.</param>
/// <param name="Administration">Counts messages and creates the queue; <see langword="null"/> if the application has none.</param>
/// <param name="Queue">The name of the queue.</param>
internal sealed record ServiceBusClients(ServiceBusClient Client, ServiceBusAdministrationClient? Administration, string Queue)
{
    private const string UsualName = "session-replay";

    internal static ServiceBusClients Create(AzureServiceBusQueueOptions options, IServiceProvider services)
    {
        if (options.ServiceKey is { } key)
        {
            var registered = key.Length == 0
                ? services.GetService<ServiceBusAdministrationClient>()
                : services.GetKeyedService<ServiceBusAdministrationClient>(key);
            return new ServiceBusClients(services.GetClient<ServiceBusClient>(key), registered, options.QueueName ?? UsualName);
        }

        var clientOptions = CreateClientOptions(options);
        var administrationOptions = CreateAdministrationOptions(options);
        if (options.FullyQualifiedNamespace is { Length: > 0 } host)
        {
            if (services.GetService<TokenCredential>() is not { } credential)
            {
                throw new InvalidOperationException(
                    "AzureServiceBusQueueOptions.FullyQualifiedNamespace is set, which needs a credential. Register an Azure.Core.TokenCredential, "
                    + "for instance the DefaultAzureCredential of the package Azure.Identity, or set ConnectionString.");
            }

            return new ServiceBusClients(
                new ServiceBusClient(host, credential, clientOptions),
                new ServiceBusAdministrationClient(host, credential, administrationOptions),
                options.QueueName ?? UsualName);
        }

        var entity = ServiceBusConnectionStringProperties.Parse(options.ConnectionString).EntityPath;
        return new ServiceBusClients(
            new ServiceBusClient(options.ConnectionString, clientOptions),
            new ServiceBusAdministrationClient(options.AdministrationConnectionString ?? options.ConnectionString, administrationOptions),
            options.QueueName ?? (string.IsNullOrEmpty(entity) ? UsualName : entity));
    }

    /// <summary>The resilience pipeline retries, so the client does not.</summary>
    internal static ServiceBusClientOptions CreateClientOptions(AzureServiceBusQueueOptions options) => new()
    {
        TransportType = options.Transport,
        RetryOptions = new ServiceBusRetryOptions { MaxRetries = 0, TryTimeout = options.ConfirmTimeout },
    };

    private static ServiceBusAdministrationClientOptions CreateAdministrationOptions(AzureServiceBusQueueOptions options)
    {
        var administration = new ServiceBusAdministrationClientOptions();
        administration.Retry.MaxRetries = 0;
        administration.Retry.NetworkTimeout = options.ConfirmTimeout;
        return administration;
    }
}
