using SessionReplay.Queues.ConformanceTests;

namespace SessionReplay.Queues.Sqs.Tests;

/// <summary>The process that tests kill.</summary>
public static class Program
{
    public static Task<int> Main(string[] arguments) =>
        HoldingProcess.RunAsync<SqsQueueOptions>(arguments, options => SqsQueueFixture.Create(options));
}
