using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SessionReplay.Pipeline.Tests.Lifecycle;
using SessionReplay.Pipeline.Worker;
using SessionReplay.Queues;

namespace SessionReplay.Pipeline.Tests.Worker;

public sealed class DeadLetterSweepTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 0)]
    public async Task Run_DeadLetters_KeepsThemForTheirRetention(int days, int kept)
    {
        await using var host = await FullHost.StartAsync(configure: options =>
            (options.Roles,
            options.Worker.DeadLetterRetention) = (SessionReplayRoles.Ingest | SessionReplayRoles.Playback, TimeSpan.FromDays(2)));
        var queue = host.Services.GetRequiredService<IMessageQueue>();
        await queue.PublishAsync(new("bad", "x", new byte[500]), default);
        await Assert.Single(await queue.ReceiveAsync(1, default)).DeadLetterAsync("a test", default);
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(days));

        await Sweeps.Create<DeadLetterSweep>(host.Services, clock).RunAsync(default);

        Assert.Equal(kept, (await host.Services.GetRequiredService<IDeadLetterQueue>().ListAsync(10, default)).Count);
    }
}
