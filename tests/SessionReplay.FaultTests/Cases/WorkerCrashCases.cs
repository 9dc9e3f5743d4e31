using SessionReplay.FaultTests.Proxy;
using Xunit.Abstractions;

namespace SessionReplay.FaultTests.Cases;

/// <summary>Workers on a queue are killed while visitors send.</summary>
public abstract class WorkerCrashCases(QueueFixture fixture, ITestOutputHelper output) : QueueCase(output)
{
    [SkippableFact]
    public async Task Worker_KilledBetweenRecordAndAck_BatchesAreCountedOnce()
    {
        var at = await fixture.Installed;
        using var load = StartLoad(at.Front);
        await using (var worker = await at.StartWorkerAsync())
        {
            await load.WaitForAcknowledgedAsync(30, Patience);
            await HoldBeforeRecordAsync(worker);
            // Without its queue the worker can record what it holds, and not acknowledge it.
            await at.Queue.BreakAsync();
            var recorded = await at.Catalog.CountChunksAsync();
            worker.Catalog.Fault = Fault.None;
            await WaitUntilAsync(
                async () => await at.Catalog.CountChunksAsync() > recorded, "that the worker has recorded what it had taken",
                () => worker.Process.Output);
            await worker.Process.KillAsync();
            await at.Queue.RestoreAsync();
        }

        await using var next = await at.StartWorkerAsync();
        await load.WaitForAcknowledgedAsync(60, Patience);
        await ProveAsync(at, "worker killed between record and ack", load);
    }

    [SkippableFact]
    [Trait("Takes", "Long")]
    public async Task Worker_KilledBeforeItKnowsOfItsCommit_BatchesAreCountedOnce()
    {
        var at = await fixture.Installed;
        using var load = StartLoad(at.Front);
        await using (var worker = await at.StartWorkerAsync())
        {
            await load.WaitForAcknowledgedAsync(30, Patience);
            worker.Catalog.Fault = Fault.AnswerCut.On(Record);
            await WaitUntilAsync(() => worker.Catalog.Struck > 2, "commits of which the worker does not know");
            await worker.Process.KillAsync();
        }

        await using var next = await at.StartWorkerAsync();
        await load.WaitForAcknowledgedAsync(60, Patience);
        await ProveAsync(at, "worker killed before it knows of its commit", load);
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
