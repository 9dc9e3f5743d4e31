using SessionReplay.FaultTests.Hosts;
using SessionReplay.FaultTests.Proxy;
using Xunit.Abstractions;

namespace SessionReplay.FaultTests.Cases;

/// <summary>A queue's server is taken away, and the workers on the queue are killed and stopped, while visitors send.</summary>
public abstract class QueueFaultCases(QueueFixture fixture, ITestOutputHelper output) : FaultCase(output)
{
    [SkippableFact]
    public async Task Server_TakenAwayTwiceUnderLoad_NothingIsLost()
    {
        var at = await fixture.Installed;
        await using var worker = await at.StartWorkerAsync();
        using var load = StartLoad(at.Front);
        await load.WaitForAcknowledgedAsync(30, Patience);
        for (var round = 0; round < 2; round++)
        {
            var refused = Refusals(load);
            await at.Queue.BreakAsync();
            await WaitUntilAsync(() => Refusals(load) >= refused + 5, "batches that are refused because the queue is away");
            await Task.Delay(TimeSpan.FromSeconds(1));
            await at.Queue.RestoreAsync();
            await load.WaitForAcknowledgedAsync(40, Patience);
        }

        await ProveAsync(at, at.Queue.Breaking, load);
    }

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
        Assert.DoesNotContain(at.FrontStore.Exchanges, exchange => exchange.IsGet && orphans.Any(orphan => exchange.Request.Contains(orphan, StringComparison.Ordinal)));
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
            await WaitUntilAsync(async () => await at.Catalog.CountChunksAsync() > recorded, "that the worker has recorded what it had put", () => worker.Process.Output);
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

    [SkippableFact]
    public async Task Workers_OneStoppedUntilItsLeasesRunOut_TheOtherTakesOverAndBothEndUpWithOneRecording()
    {
        var at = await fixture.Installed;
        using var load = StartLoad(at.Front);
        await using var first = await at.StartWorkerAsync();
        await load.WaitForAcknowledgedAsync(30, Patience);
        var put = await HoldBetweenPutAndRecordAsync(at, first);
        await at.Queue.FreezeAsync(first.Process);
        var before = load.Ledger.Acknowledged.ToHashSet();

        // All that the first holds is recorded by the second; then the first goes on with it as if nothing had been.
        await using var second = await at.StartWorkerAsync();
        await WaitForRecordedAsync(at, before);
        Assert.Empty(put.Intersect(await at.Catalog.BlobKeysAsync()));
        first.Catalog.Fault = Fault.None;
        await first.Process.ThawAsync();
        await load.WaitForAcknowledgedAsync(60, Patience);
        await ProveAsync(at, "two workers, one stopped until its leases ran out", load);

        Assert.Empty(put.Intersect(await at.Catalog.BlobKeysAsync()));
        Assert.Equal(0, await first.Process.StopAsync());
        Assert.Equal(0, await second.Process.StopAsync());
    }

    /// <summary>Holds back what the worker says to the catalog at a time when objects are put and not recorded.</summary>
    /// <returns>These objects.</returns>
    private static async Task<HashSet<string>> HoldBetweenPutAndRecordAsync(Installation at, Worker worker)
    {
        var unrecorded = new HashSet<string>();
        await WaitUntilAsync(
            async () =>
            {
                // Only puts that are answered from here on count: an earlier one may have been recorded and be gone again.
                var known = worker.Store.Exchanges.Count;
                await WaitUntilAsync(() => worker.Store.Exchanges.Skip(known).Any(exchange => exchange.IsPut), "a put of the worker");
                worker.Catalog.Fault = Fault.Held;
                // What went through before the hold gets the time to be recorded.
                await Task.Delay(TimeSpan.FromSeconds(1));
                unrecorded = [.. worker.Store.Exchanges.Skip(known).Where(exchange => exchange.IsPut).Select(exchange => exchange.ObjectKey)];
                unrecorded.ExceptWith(await at.Catalog.BlobKeysAsync());
                if (unrecorded.Count == 0)
                {
                    worker.Catalog.Fault = Fault.None;
                }

                return unrecorded.Count > 0;
            },
            "a put that is not recorded");
        return unrecorded;
    }
}
