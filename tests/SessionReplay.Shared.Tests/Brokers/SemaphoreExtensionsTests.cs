using SessionReplay.Queues;

namespace SessionReplay.Shared.Tests.Brokers;

public sealed class SemaphoreExtensionsTests
{
    [Fact]
    public async Task Enter_BlockThrows_FreesThePlace()
    {
        using var one = new SemaphoreSlim(1, 1);
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            using var place = await one.EnterAsync(CancellationToken.None);
            Assert.Equal(0, one.CurrentCount);
            throw new IOException();
        });

        Assert.Equal(1, one.CurrentCount);
    }
}
