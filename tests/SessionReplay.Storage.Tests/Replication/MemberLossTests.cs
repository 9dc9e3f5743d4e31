using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SessionReplay.LoadGenerator;
using Xunit.Abstractions;

namespace SessionReplay.Storage.Tests.Replication;

/// <summary>
/// Members are killed with SIGKILL while visitors send and while recordings are read. Every batch that was answered with 202 is in the
/// recordings, once.
/// </summary>
public sealed class MemberLossTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly ReplicatedHost _host = new();
    private readonly HttpClient _http = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
    }

    [SkippableFact]
    public async Task PrimaryKilledDuringIngest_AllAcknowledgedIsReadableAndTheReconcilerFillsIt()
    {
        await _host.StartAsync();
        using var load = Start();
        await load.WaitForAcknowledgedAsync(60, Patience);
        await _host.Primary.KillAsync();
        await load.WaitForAcknowledgedAsync(100, Patience);
        await load.StopAsync();

        // Only then is everything in the stores.
        await _host.WaitForCompactionAsync();
        await VerifyAsync(load, "primary dead");
        var health = await _host.HealthAsync();
        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Equal(HealthStatus.Degraded, health.Entries["session-replay-storage-replicated-eu"].Status);
        Assert.True(_host.Set.Members[0].IsBehind);

        await _host.Primary.StartProcessAsync();
        await _host.WaitForCatchUpAsync();
        await _host.Secondary.KillAsync();
        await VerifyAsync(load, "primary filled, secondary dead");
    }

    [SkippableFact]
    public async Task PrimaryKilledDuringPlayback_EverythingIsRead()
    {
        await _host.StartAsync();
        using var load = Start();
        await load.WaitForAcknowledgedAsync(150, Patience);
        await load.StopAsync();
        await _host.WaitForCompactionAsync();
        await VerifyAsync(load, "both there");

        using var stop = new CancellationTokenSource();
        var before = 0;
        var reader = Task.Run(async () =>
        {
            // Reads everything again and again, so that some of it is on its way when the primary dies.
            for (var round = 0; round < 1000 && !stop.IsCancellationRequested; round++)
            {
                await VerifyAsync(load, null);
                Interlocked.Increment(ref before);
            }
        });
        for (var i = 0; i < 3000 && Volatile.Read(ref before) == 0 && !reader.IsCompleted; i++)
        {
            await Task.Delay(100);
        }

        await _host.Primary.KillAsync();
        var killedIn = Volatile.Read(ref before);
        for (var i = 0; i < 3000 && Volatile.Read(ref before) < killedIn + 2 && !reader.IsCompleted; i++)
        {
            await Task.Delay(100);
        }

        await stop.CancelAsync();
        await reader;
        Assert.True(before >= killedIn + 2);
        output.WriteLine($"the primary was killed in reading {killedIn + 1} of {before}");
    }

    [SkippableFact]
    public async Task PrimaryKilledBeforeADeletion_NothingIsLeftAnywhereWhenItIsBack()
    {
        await _host.StartAsync();
        var store = _host.Services.GetRequiredService<IBlobStore>();
        var keys = Enumerable.Range(0, 40).Select(i => $"shop/deleted/{i:D2}.bin").ToList();
        foreach (var key in keys)
        {
            using var content = new MemoryStream([1, 2, 3]);
            await store.PutAsync(key, content, 3, default);
        }

        await _host.Primary.KillAsync();
        await store.DeleteAsync(keys, default);
        Assert.Empty(await LocalReplicas.KeysAsync(_host.Set.Members[1].Store, "shop/deleted/"));
        Assert.True(_host.Set.Members[0].IsBehind);
        await _host.Primary.StartProcessAsync();
        await _host.WaitForCatchUpAsync();

        Assert.Empty(await LocalReplicas.KeysAsync(_host.Set.Members[0].Store, "shop/deleted/"));
        Assert.Empty(await LocalReplicas.KeysAsync(_host.Set.Members[1].Store, "shop/deleted/"));
    }

    private Load Start() => Load.Start(new LoadOptions
    {
        Ingest = [_host.Url],
        WriteKey = ReplicatedHost.Key,
        Visitors = 10,
        Pace = TimeSpan.FromMilliseconds(300),
    });

    private async Task VerifyAsync(Load load, string? when)
    {
        var verification = await new Verifier(_http, _host.Url, "shop").VerifyAsync(load.Ledger, Patience);
        if (when is not null)
        {
            output.WriteLine($"{when}: {verification}");
        }

        Assert.True(verification.Holds, $"{when}: {verification}");
    }
}
