using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SessionReplay.Storage.Replication;

namespace SessionReplay.Storage.Tests.Replication;

public sealed class ReconcilerTests : IDisposable
{
    private readonly LocalReplicas _replicas = new();

    public void Dispose() => _replicas.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Run_MemberIsBack_FillsIt(int away)
    {
        await _replicas.CatchUpAsync();
        _replicas.Members[away].IsOut = true;
        for (byte i = 0; i < 50; i++)
        {
            await _replicas.PutAsync($"a/{i:D2}.bin", i);
        }

        _replicas.BringBack();
        await _replicas.CatchUpAsync();

        Assert.Equal(50, (await _replicas.HeldByAsync(away)).Count);
        Assert.Equal([49], await LocalReplicas.ReadAsync(_replicas.Locals[away], "a/49.bin"));
        Assert.DoesNotContain(
            await LocalReplicas.KeysAsync(_replicas.Locals[1 - away]), key => key.Contains("/put/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_MemberMissedARewrite_ReplacesItsObject()
    {
        await _replicas.PutAsync("a/x.bin", 1);
        _replicas.Members[0].IsOut = true;
        await _replicas.PutAsync("a/x.bin", 2);
        _replicas.BringBack();

        await _replicas.CatchUpAsync();

        Assert.Equal([2], await LocalReplicas.ReadAsync(_replicas.Locals[0], "a/x.bin"));
    }

    [Fact]
    public async Task Run_WritesMissedCrosswise_KeepsTheLater()
    {
        _replicas.Members[0].IsOut = true;
        await _replicas.PutAsync("a/x.bin", 1);
        _replicas.BringBack();
        _replicas.Members[1].IsOut = true;
        await _replicas.PutAsync("a/x.bin", 2, 2);
        _replicas.BringBack();

        await _replicas.CatchUpAsync();

        Assert.Equal([2, 2], await LocalReplicas.ReadAsync(_replicas.Locals[0], "a/x.bin"));
        Assert.Equal([2, 2], await LocalReplicas.ReadAsync(_replicas.Locals[1], "a/x.bin"));
    }

    [Fact]
    public async Task Run_WriteAndDeletionMissedCrosswise_DoesNotBringTheObjectBack()
    {
        _replicas.Members[0].IsOut = true;
        await _replicas.PutAsync("a/x.bin", 1);
        _replicas.BringBack();
        _replicas.Members[1].IsOut = true;
        await _replicas.Store.DeleteAsync(["a/x.bin"], default);
        _replicas.BringBack();

        await _replicas.CatchUpAsync();

        Assert.Empty(await _replicas.HeldByAsync(0));
        Assert.Empty(await _replicas.HeldByAsync(1));
    }

    [Fact]
    public async Task Run_WrittenAgainAfterAMissedDeletion_KeepsTheNewObject()
    {
        await _replicas.PutAsync("a/x.bin", 1);
        _replicas.Members[0].IsOut = true;
        await _replicas.Store.DeleteAsync(["a/x.bin"], default);
        _replicas.Clock.Advance(TimeSpan.FromMilliseconds(5));
        _replicas.BringBack();
        _replicas.Members[1].IsOut = true;
        await _replicas.PutAsync("a/x.bin", 2);
        _replicas.BringBack();

        await _replicas.CatchUpAsync();

        Assert.Equal([2], await LocalReplicas.ReadAsync(_replicas.Locals[0], "a/x.bin"));
        Assert.Equal([2], await LocalReplicas.ReadAsync(_replicas.Locals[1], "a/x.bin"));
    }

    [Fact]
    public async Task Run_DeletedWhileTheCopyIsOnItsWay_DeletesTheCopy()
    {
        await _replicas.CatchUpAsync();
        _replicas.Members[0].IsOut = true;
        await _replicas.PutAsync("a/x.bin", 1);
        _replicas.BringBack();
        await _replicas.Reconciler.RunAsync(default);
        Assert.Equal(["a/x.bin"], await _replicas.HeldByAsync(0));

        // As if the deletion had reached member 0 before the copy did.
        await _replicas.Locals[1].DeleteAsync(["a/x.bin"], default);
        _replicas.Clock.Advance(TimeSpan.FromMinutes(1));
        await _replicas.CatchUpAsync();

        Assert.Empty(await _replicas.HeldByAsync(0));
    }

    [Fact]
    public async Task Run_DeletedAfterACopyByAProcessThatEnded_DeletesTheCopy()
    {
        await _replicas.CatchUpAsync();
        _replicas.Members[0].IsOut = true;
        await _replicas.PutAsync("a/x.bin", 1);
        _replicas.BringBack();
        await _replicas.NewReconciler().RunAsync(default);
        Assert.Equal(["a/x.bin"], await _replicas.HeldByAsync(0));

        // As if the deletion had reached member 0 before the copy did.
        await _replicas.Locals[1].DeleteAsync(["a/x.bin"], default);
        await _replicas.CatchUpAsync();

        Assert.Empty(await _replicas.HeldByAsync(0));
    }

    [Fact]
    public async Task Run_DeletedAndItsNoteDroppedByAnotherProcessWhileTheCopyIsOnItsWay_DeletesTheCopy()
    {
        await _replicas.CatchUpAsync();
        _replicas.Members[0].IsOut = true;
        await _replicas.PutAsync("a/x.bin", 1);
        _replicas.BringBack();
        _replicas.Members[0].BeforeNext = async () =>
        {
            await _replicas.Store.DeleteAsync(["a/x.bin"], default);
            await _replicas.NewReconciler().RunAsync(default);
        };

        await _replicas.Reconciler.RunAsync(default);
        await _replicas.CatchUpAsync();

        Assert.Empty(await _replicas.HeldByAsync(0));
        Assert.Empty(await _replicas.HeldByAsync(1));
    }

    [Fact]
    public async Task Run_ReplacedByAShorterObjectBeforeItIsRead_CopiesTheNewOne()
    {
        await _replicas.CatchUpAsync();
        _replicas.Members[0].IsOut = true;
        await _replicas.PutAsync("a/x.bin", 1, 2, 3);
        _replicas.BringBack();
        _replicas.Members[1].BeforeNext = async () =>
        {
            using var stream = new MemoryStream([4]);
            await _replicas.Locals[1].PutAsync("a/x.bin", stream, 1, default);
        };

        await _replicas.CatchUpAsync();

        Assert.Equal([4], await LocalReplicas.ReadAsync(_replicas.Locals[0], "a/x.bin"));
    }

    [Fact]
    public async Task Service_MemberThrowsWhatNoStoreShould_GoesOn()
    {
        _replicas.Members[0].ListingError = new InvalidOperationException("A bug of an adapter.");
        var options = Options.Create(new ReplicatedStorageOptions { ReconcileInterval = TimeSpan.FromMilliseconds(100) });
        using var service = new ReconcileService(_replicas.Reconciler, options, TimeProvider.System, NullLogger<ReconcileService>.Instance);
        await service.StartAsync(default);

        for (var i = 0; i < 1200 && _replicas.Members[0].Calls < 3; i++)
        {
            await Task.Delay(50);
        }

        Assert.True(_replicas.Members[0].Calls >= 3, "The service did not look again.");
        await service.StopAsync(default);
        await service.ExecuteTask!;
    }

    [Fact]
    public async Task Run_OneOfThreeAway_CopiesNothingUntilItsNotesAreKnown()
    {
        using var replicas = new LocalReplicas(count: 3);
        await replicas.CatchUpAsync();
        await replicas.PutAsync("a/dead.bin", 1);
        replicas.Members[0].IsOut = true;
        await replicas.PutAsync("a/x.bin", 1);
        await replicas.Store.DeleteAsync(["a/dead.bin"], default);
        replicas.BringBack();
        replicas.Members[2].IsOut = true;

        await Assert.ThrowsAsync<BlobStoreUnavailableException>(async () => await replicas.Reconciler.RunAsync(default));
        Assert.Equal(["a/dead.bin"], await replicas.HeldByAsync(0));

        replicas.BringBack();
        await replicas.CatchUpAsync();
        Assert.Equal(["a/x.bin"], await replicas.HeldByAsync(0));
    }

    [Fact]
    public async Task Run_TwoOfThreeMissedOneWrite_FillsBoth()
    {
        using var replicas = new LocalReplicas(count: 3);
        replicas.Members[0].IsOut = replicas.Members[1].IsOut = true;
        await replicas.PutAsync("a/x.bin", 1);
        replicas.BringBack();

        await replicas.CatchUpAsync();

        Assert.Equal(["a/x.bin"], await replicas.HeldByAsync(0));
        Assert.Equal(["a/x.bin"], await replicas.HeldByAsync(1));
    }

    [Fact]
    public async Task Run_NewMember_GetsWhatWasThereBefore()
    {
        for (byte i = 0; i < 30; i++)
        {
            using var stream = new MemoryStream([i]);
            await _replicas.Locals[0].PutAsync($"old/{i:D2}.bin", stream, 1, default);
        }

        await _replicas.CatchUpAsync();

        Assert.Equal(30, (await _replicas.HeldByAsync(1)).Count);
        Assert.Equal([29], await LocalReplicas.ReadAsync(_replicas.Locals[1], "old/29.bin"));
    }
}
