using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Queues.Sqs;

[assembly: SessionReplay.SessionReplayAdapter("Queue", "Sqs", typeof(SqsQueueAdapter))]

namespace SessionReplay.Queues.Sqs;

/// <summary>Registers Amazon SQS when the configuration names it.</summary>
internal sealed class SqsQueueAdapter : ISessionReplayAdapter
{
    public void Configure(ISessionReplayBuilder builder, IConfigurationSection section)
    {
        builder.Services.AddOptionsPath<SqsQueueOptions>(section);
        builder.Services.AddOptions<SqsQueueOptions>().Configure(options => OptionsConversion.Explain(() => section.Bind(options)));
        builder.AddSqsQueue();
    }
}
