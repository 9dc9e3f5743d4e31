using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Lifecycle;
using SessionReplay.Queues;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Tests.Worker;

public sealed class ClaimCheckTests
{
    private readonly SessionId _session = BatchSamples.NewSession();
    private readonly WindowId _window = WindowId.Create(TimeProvider.System);

    [Fact]
    public async Task Resent_TheSecondObjectIsRemoved()
    {
        await using var host = await FullHost.StartAsync(build: SmallQueue.Add);
        var batch = BatchSamples.Create(_session, _window, 0, 50);
        await host.RecordAsync(_session, batch);
        var first = Assert.Single(host.Blobs());
        for (var i = 0; i < 3; i++)
        {
            // A batch whose message is still in the embedded queue is not queued again.
            await FullHost.WaitAsync(() => IsEmptyAsync(host), "an empty queue");
            Assert.Equal(HttpStatusCode.Accepted, await host.SendAsync(batch));
        }

        await FullHost.WaitAsync(() => IsEmptyAsync(host), "an empty queue");
        await FullHost.WaitAsync(() => Task.FromResult(host.Blobs().Count == 1), "one object");
        Assert.Equal(first, Assert.Single(host.Blobs()));
        Assert.Equal(batch, await host.ChunkAsync(_session, _window, 0));
    }

    [Fact]
    public async Task PublishFailed_TheOrphanGoesWithItsSessionsRetention()
    {
        await using var host =
            await FullHost.StartAsync(build: SmallQueue.Add, configure: options => options.Resilience.Queue.MaxRetries = 0);
        var batch = BatchSamples.Create(_session, _window, 0, 50);
        Queue(host).Failing = 1;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await host.SendAsync(batch));
        await host.RecordAsync(_session, batch);
        Assert.Equal(2, host.Blobs().Count);

        // Compaction leaves it: for all it knows, its message may be in the queue.
        await host.SweepAsync();
        Assert.Equal(2, host.Blobs().Count);
        Assert.Equal(batch, await host.ChunkAsync(_session, _window, 0));

        Assert.Equal(1, await Retention(host).RunConfirmedAsync(new TenantId("shop"), default));
        Assert.Empty(host.Blobs());
    }

    [Fact]
    public async Task PublishFailed_AndTheSessionNeverCame_TheOrphanIsFoundPastTheRetention()
    {
        await using var host =
            await FullHost.StartAsync(build: SmallQueue.Add, configure: options => options.Resilience.Queue.MaxRetries = 0);
        Queue(host).Failing = 1;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await host.SendAsync(BatchSamples.Create(_session, _window, 0, 50)));
        var kept = BatchSamples.NewSession();
        await host.RecordAsync(kept, BatchSamples.Create(kept, _window, 0, 50));
        Assert.Equal(2, host.Blobs().Count);

        Assert.Equal(0, await Orphans(host, days: 20).RunAsync(default));
        var sweep = Orphans(host, days: 33);
        Assert.Equal(1, await sweep.RunAsync(default));

        // What the catalog knows is the retention's.
        Assert.Contains(kept.ToString(), Assert.Single(host.Blobs()), StringComparison.Ordinal);
        await Assert.ThrowsAsync<KeyDeletedException>(async () =>
            await host.Services.GetRequiredService<ISessionCipherProvider>().GetAsync(new(new("shop"), _session), default));
        Assert.Equal(0, await sweep.RunAsync(default));
        Assert.Equal(0, await Orphans(host, days: 34).RunAsync(default));
    }

    [Fact]
    public async Task ObjectGone_TheMessageBecomesADeadLetter_AndTheSecondAttemptIsStored()
    {
        await using var host = await FullHost.StartAsync(build: SmallQueue.Add);
        Queue(host).IsHeld = true;
        var batch = BatchSamples.Create(_session, _window, 0, 50);
        Assert.Equal(HttpStatusCode.Accepted, await host.SendAsync(batch));
        var blob = Assert.Single(host.Blobs());
        await host.Services.GetRequiredService<IBlobStore>().DeleteAsync([blob.Replace('\\', '/')], default);
        Queue(host).IsHeld = false;

        await FullHost.WaitAsync(
            async () => (await host.GetAsync("api/dead-letters")).GetProperty("deadLetters").GetArrayLength() == 1, "the dead letter");
        Assert.Equal(0, await host.ChunksAsync(_session));
        await host.RecordAsync(_session, batch);
        Assert.Equal(batch, await host.ChunkAsync(_session, _window, 0));
    }

    [Fact]
    public async Task ObjectOfAnotherChunk_TheMessageBecomesADeadLetter()
    {
        await using var host = await FullHost.StartAsync(build: SmallQueue.Add);
        Queue(host).IsHeld = true;
        Assert.Equal(HttpStatusCode.Accepted, await host.SendAsync(BatchSamples.Create(_session, _window, 0, 50)));
        var blob = Path.Combine(host.DataFolder, "blobs", Assert.Single(host.Blobs()));
        var bytes = await File.ReadAllBytesAsync(blob);
        bytes[83] ^= 1;
        await File.WriteAllBytesAsync(blob, bytes);
        Queue(host).IsHeld = false;

        await FullHost.WaitAsync(
            async () => (await host.GetAsync("api/dead-letters")).GetProperty("deadLetters").GetArrayLength() == 1, "the dead letter");
        Assert.Equal(0, await host.ChunksAsync(_session));
    }

    [Fact]
    public async Task DeliveredAgainAfterCompaction_IsADuplicate()
    {
        await using var host = await FullHost.StartAsync(build: SmallQueue.Add);
        var batch = BatchSamples.Create(_session, _window, 0, 50);
        await host.RecordAsync(_session, batch);
        await host.SweepAsync();
        Assert.Equal(HttpStatusCode.Accepted, await host.SendAsync(batch));
        await FullHost.WaitAsync(() => IsEmptyAsync(host), "an empty queue");
        await FullHost.WaitAsync(() => Task.FromResult(host.Blobs().Count == 1), "the recording alone");
        Assert.Equal(0, (await host.GetAsync("api/dead-letters")).GetProperty("deadLetters").GetArrayLength());
        Assert.Equal(batch, await host.ChunkAsync(_session, _window, 0));
    }

    private static SmallQueue Queue(FullHost host) => (SmallQueue)host.Services.GetRequiredService<IMessageQueue>();

    private static RetentionSweep Retention(FullHost host) => ActivatorUtilities.CreateInstance<RetentionSweep>(host.Services, Clock(31));

    private static OrphanSweep Orphans(FullHost host, int days) =>
        ActivatorUtilities.CreateInstance<OrphanSweep>(host.Services, Clock(days));

    private static FakeTimeProvider Clock(int days) => new(TimeProvider.System.GetUtcNow().AddDays(days));

    private static async Task<bool> IsEmptyAsync(FullHost host)
    {
        var status = await host.Services.GetRequiredService<IQueueMonitor>().GetStatusAsync(default);
        return status is { Ready: 0, InFlight: 0 };
    }
}
