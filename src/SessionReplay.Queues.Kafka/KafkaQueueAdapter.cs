using Microsoft.Extensions.Configuration;
using SessionReplay.Queues.Kafka;

[assembly: SessionReplay.SessionReplayAdapter(SessionReplay.AdapterKind.Queue, "Kafka", typeof(KafkaQueueAdapter))]

namespace SessionReplay.Queues.Kafka;

/// <summary>Registers Kafka when the configuration names it.</summary>
internal sealed class KafkaQueueAdapter : ISessionReplayAdapter
{
    public void Configure(ISessionReplayBuilder builder, IConfigurationSection section) =>
        builder.AddKafkaQueue(section.Path, options => section.Bind(options));
}
