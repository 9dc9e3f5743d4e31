using Microsoft.Extensions.Configuration;
using SessionReplay.Queues.Sqs;

[assembly: SessionReplay.SessionReplayAdapter(SessionReplay.AdapterKind.Queue, "Sqs", typeof(SqsQueueAdapter))]

namespace SessionReplay.Queues.Sqs;

/// <summary>Registers Amazon SQS when the configuration names it.</summary>
internal sealed class SqsQueueAdapter : ISessionReplayAdapter
{
    public void Configure(ISessionReplayBuilder builder, IConfigurationSection section) =>
        builder.AddSqsQueue(section.Path, options => section.Bind(options));
}
