using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Queues.AzureServiceBus;

[assembly: SessionReplay.SessionReplayAdapter("Queue", "AzureServiceBus", typeof(AzureServiceBusQueueAdapter))]

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>Registers Azure Service Bus when the configuration names it.</summary>
internal sealed class AzureServiceBusQueueAdapter : ISessionReplayAdapter
{
    public void Configure(ISessionReplayBuilder builder, IConfigurationSection section)
    {
        builder.Services.AddOptionsPath<AzureServiceBusQueueOptions>(section);
        builder.Services.AddOptions<AzureServiceBusQueueOptions>().Configure(options => OptionsConversion.Explain(() => section.Bind(options)));
        builder.AddAzureServiceBusQueue();
    }
}
