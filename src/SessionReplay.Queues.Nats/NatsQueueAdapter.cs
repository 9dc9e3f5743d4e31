using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Queues.Nats;

[assembly: SessionReplay.SessionReplayAdapter("Queue", "Nats", typeof(NatsQueueAdapter))]

namespace SessionReplay.Queues.Nats;

/// <summary>Registers NATS JetStream when the configuration names it.</summary>
internal sealed class NatsQueueAdapter : ISessionReplayAdapter
{
    public void Configure(ISessionReplayBuilder builder, IConfigurationSection section)
    {
        builder.Services.AddOptionsPath<NatsQueueOptions>(section);
        builder.Services.AddOptions<NatsQueueOptions>().Configure(options => OptionsConversion.Explain(() => section.Bind(options)));
        builder.AddNatsQueue();
    }
}
