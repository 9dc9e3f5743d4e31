using SessionReplay.Queues.ConformanceTests;

namespace SessionReplay.Queues.Nats.Tests;

/// <summary>The process that tests kill.</summary>
public static class Program
{
    public static Task<int> Main(string[] arguments) =>
        HoldingProcess.RunAsync<NatsQueueOptions>(arguments, options => NatsQueueFixture.Create(options));
}
