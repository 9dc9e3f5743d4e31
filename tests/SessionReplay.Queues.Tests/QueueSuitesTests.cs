using SessionReplay.Queues.ConformanceTests;

namespace SessionReplay.Queues.Tests;

public sealed class QueueSuitesTests
{
    [Fact]
    public void FindMissing_EveryAdapter_SubclassesEverySuite()
    {
        Assert.Equal(7, QueueSuites.All.Count);
        Assert.Empty(QueueSuites.FindMissing());
    }
}
