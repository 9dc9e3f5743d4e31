using Microsoft.Extensions.Configuration;
using SessionReplay.Queues.RabbitMQ;

[assembly: SessionReplay.SessionReplayAdapter(SessionReplay.AdapterKind.Queue, "RabbitMQ", typeof(RabbitMQQueueAdapter))]

namespace SessionReplay.Queues.RabbitMQ;

/// <summary>Registers RabbitMQ when the configuration names it.</summary>
internal sealed class RabbitMQQueueAdapter : ISessionReplayAdapter
{
    public void Configure(ISessionReplayBuilder builder, IConfigurationSection section) =>
        builder.AddRabbitMQQueue(section.Path, options => section.Bind(options));
}
