using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Queues.Kafka;

[assembly: SessionReplay.SessionReplayAdapter("Queue", "Kafka", typeof(KafkaQueueAdapter))]

namespace SessionReplay.Queues.Kafka;

/// <summary>Registers Kafka when the configuration names it.</summary>
internal sealed class KafkaQueueAdapter : ISessionReplayAdapter
{
    public void Configure(ISessionReplayBuilder builder, IConfigurationSection section)
    {
        builder.Services.AddOptionsPath<KafkaQueueOptions>(section);
        builder.Services.AddOptions<KafkaQueueOptions>().Configure(options => OptionsConversion.Explain(() => section.Bind(options)));
        builder.AddKafkaQueue();
    }
}
