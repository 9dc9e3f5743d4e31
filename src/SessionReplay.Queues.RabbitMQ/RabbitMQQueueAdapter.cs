using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Queues.RabbitMQ;

[assembly: SessionReplay.SessionReplayAdapter("Queue", "RabbitMQ", typeof(RabbitMQQueueAdapter))]

namespace SessionReplay.Queues.RabbitMQ;

/// <summary>Registers RabbitMQ when the configuration names it.</summary>
internal sealed class RabbitMQQueueAdapter : ISessionReplayAdapter
{
    public void Configure(ISessionReplayBuilder builder, IConfigurationSection section)
    {
        builder.Services.AddOptionsPath<RabbitMQQueueOptions>(section);
        builder.Services.AddOptions<RabbitMQQueueOptions>().Configure(options => OptionsConversion.Explain(() => section.Bind(options)));
        builder.AddRabbitMQQueue();
    }
}
