using SessionReplay.FaultTests.Proxy;
using Xunit.Abstractions;

namespace SessionReplay.FaultTests.Cases;

/// <summary>Workers on a queue are killed while visitors send.</summary>
public abstract class WorkerCrashCases(QueueFixture fixture, ITestOutputHelper output) : QueueCase(output)
{
    [SkippableFact]
    public async Task Worker_KilledBetweenPutAndRecord_BatchesAreStoredOnceAndTheOrphanIsNotRead()
    {
        var at = await fixture.Installed;
        using var load = StartLoad(at.Front);
        HashSet<string> orphans;
        await using (var worker = await at.StartWorkerAsync())
        {
            await load.WaitForAcknowledgedAsync(30, Patience);
            orphans = await HoldBetweenPutAndRecordAsync(at, worker);
            await worker.Process.KillAsync();
        }

        await using var next = await at.StartWorkerAsync();
        await load.WaitForAcknowledgedAsync(60, Patience);
        await ProveAsync(at, "worker killed between put and record", load);

        Assert.NotEmpty(orphans);
        Assert.Empty(orphans.Intersect(await at.Catalog.BlobKeysAsync()));
        Assert.DoesNotContain(
            at.FrontStore.Exchanges,
            exchange => exchange.IsGet && orphans.Any(orphan => exchange.Request.Contains(orphan, StringComparison.Ordinal)));
    }

    [SkippableFact]
    public async Task Worker_KilledBetweenRecordAndAck_BatchesAreCountedOnce()
    {
        var at = await fixture.Installed;
        using var load = StartLoad(at.Front);
        await using (var worker = await at.StartWorkerAsync())
        {
            await load.WaitForAcknowledgedAsync(30, Patience);
            await HoldBetweenPutAndRecordAsync(at, worker);
            // Without its queue the worker can record what it holds, and not acknowledge it.
            await at.Queue.BreakAsync();
            var recorded = await at.Catalog.CountChunksAsync();
            worker.Catalog.Fault = Fault.None;
            await WaitUntilAsync(
                async () => await at.Catalog.CountChunksAsync() > recorded, "that the worker has recorded what it had put",
                () => worker.Process.Output);
            await worker.Process.KillAsync();
            await at.Queue.RestoreAsync();
        }

        await using var next = await at.StartWorkerAsync();
        await load.WaitForAcknowledgedAsync(60, Patience);
        await ProveAsync(at, "worker killed between record and ack", load);
    }

    [SkippableFact]
    public async Task Workers_KilledAtRandom_NothingIsLost()
    {
        const int Kills = 4;
        var at = await fixture.Installed;
        using var load = StartLoad(at.Front);
        var workers = new[] { await at.StartWorkerAsync(), await at.StartWorkerAsync() };
        try
        {
            for (var kill = 0; kill < Kills; kill++)
            {
                await load.WaitForAcknowledgedAsync(10, Patience);
                await Task.Delay(Random.Shared.Next(1000));
                await workers[kill % 2].Process.KillAsync();
                await workers[kill % 2].DisposeAsync();
                workers[kill % 2] = await at.StartWorkerAsync();
            }

            await ProveAsync(at, $"worker killed at random, {Kills} times, beside another", load);
        }
        finally
        {
            await Task.WhenAll(workers.Select(worker => worker.DisposeAsync().AsTask()));
        }
    }
}
