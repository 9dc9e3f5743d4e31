using Microsoft.Extensions.Configuration;
using SessionReplay.Queues.Nats;

[assembly: SessionReplay.SessionReplayAdapter(SessionReplay.AdapterKind.Queue, "Nats", typeof(NatsQueueAdapter))]

namespace SessionReplay.Queues.Nats;

/// <summary>Registers NATS JetStream when the configuration names it.</summary>
internal sealed class NatsQueueAdapter : ISessionReplayAdapter
{
    public void Configure(ISessionReplayBuilder builder, IConfigurationSection section) =>
        builder.AddNatsQueue(section.Path, options => section.Bind(options));
}
