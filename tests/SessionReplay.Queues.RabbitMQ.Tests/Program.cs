using SessionReplay.Queues.ConformanceTests;

namespace SessionReplay.Queues.RabbitMQ.Tests;

/// <summary>The process that tests kill.</summary>
public static class Program
{
    public static Task<int> Main(string[] arguments) =>
        HoldingProcess.RunAsync<RabbitMQQueueOptions>(arguments, options => RabbitMQQueueFixture.Create(options));
}
