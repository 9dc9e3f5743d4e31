using SessionReplay.Queues;

namespace SessionReplay.Shared.Tests.Queues;

public sealed class SignalTests
{
    [Fact]
    public void Raise_ManyWait_WakesAllOfThemOnce()
    {
        var signal = new Signal();
        Task[] waiting = [signal.Next, signal.Next];

        signal.Raise();

        Assert.All(waiting, wait => Assert.True(wait.IsCompletedSuccessfully));
        Assert.False(signal.Next.IsCompleted);
    }
}
