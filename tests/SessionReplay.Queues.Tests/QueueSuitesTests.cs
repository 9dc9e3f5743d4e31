using SessionReplay.Queues.ConformanceTests;

namespace SessionReplay.Queues.Tests;

public sealed class QueueSuitesTests
{
    [Fact]
    public void FindMissing_EveryAdapter_SubclassesEverySuite()
    {
        Assert.Equal(8, QueueSuites.All.Count);
        Assert.Empty(QueueSuites.FindMissing());
    }
}
