using Microsoft.Extensions.Logging.Abstractions;
using SessionReplay.Queues.ConformanceTests;

namespace SessionReplay.Queues.Kafka.Tests;

/// <summary>The process that tests kill.</summary>
public static class Program
{
    public static Task<int> Main(string[] arguments) => HoldingProcess.RunAsync<KafkaQueueOptions>(
        arguments, options => KafkaQueueFixture.Create(options, services: null, NullLogger<KafkaMessageQueue>.Instance));
}
