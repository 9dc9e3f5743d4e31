using SessionReplay.Queues.ConformanceTests;

namespace SessionReplay.Queues.Tests;

/// <summary>The processes that tests kill.</summary>
public static class Program
{
    public static Task<int> Main(string[] arguments) => arguments is ["publish", var database, var confirmedFile, var run]
        ? CrashingProcess.RunAsync(database, confirmedFile, run)
        : HoldingProcess.RunAsync<SqliteQueueOptions>(arguments, SqliteQueueFixture.Create);
}
