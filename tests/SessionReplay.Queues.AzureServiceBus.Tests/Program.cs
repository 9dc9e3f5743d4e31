using SessionReplay.Queues.ConformanceTests;

namespace SessionReplay.Queues.AzureServiceBus.Tests;

/// <summary>The process that tests kill.</summary>
public static class Program
{
    public static Task<int> Main(string[] arguments) =>
        HoldingProcess.RunAsync<AzureServiceBusQueueOptions>(arguments, options => ServiceBusQueueFixture.Create(options));
}
