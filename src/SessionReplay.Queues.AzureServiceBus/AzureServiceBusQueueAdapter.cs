using Microsoft.Extensions.Configuration;
using SessionReplay.Queues.AzureServiceBus;

[assembly: SessionReplay.SessionReplayAdapter(SessionReplay.AdapterKind.Queue, "AzureServiceBus", typeof(AzureServiceBusQueueAdapter))]

namespace SessionReplay.Queues.AzureServiceBus;

/// <summary>Registers Azure Service Bus when the configuration names it.</summary>
internal sealed class AzureServiceBusQueueAdapter : ISessionReplayAdapter
{
    public void Configure(ISessionReplayBuilder builder, IConfigurationSection section) =>
        builder.AddAzureServiceBusQueue(section.Path, options => section.Bind(options));
}
