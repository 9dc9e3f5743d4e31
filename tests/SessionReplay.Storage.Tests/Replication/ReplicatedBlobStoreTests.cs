using System.Security.Cryptography;
using SessionReplay.Storage.Replication;

namespace SessionReplay.Storage.Tests.Replication;

public sealed class ReplicatedBlobStoreTests : IDisposable
{
    private readonly LocalReplicas _replicas = new();

    public void Dispose() => _replicas.Dispose();

    [Fact]
    public async Task Put_AllThere_IsOnAllAndNothingIsNoted()
    {
        await _replicas.PutAsync("a/x.bin", 1, 2, 3);

        Assert.Equal(["a/x.bin"], await LocalReplicas.KeysAsync(_replicas.Locals[0]));
        Assert.Equal(["a/x.bin"], await LocalReplicas.KeysAsync(_replicas.Locals[1]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Put_OneAway_IsConfirmedNotedAndReadable(int away)
    {
        _replicas.Members[away].IsOut = true;

        await _replicas.PutAsync("a/x.bin", 1, 2, 3);

        Assert.Equal([1, 2, 3], await LocalReplicas.ReadAsync(_replicas.Store, "a/x.bin"));
        Assert.Equal(["a/x.bin"], await LocalReplicas.KeysAsync(_replicas.Store));
        Assert.Contains(
            await LocalReplicas.KeysAsync(_replicas.Locals[1 - away]),
            key => key.StartsWith($"_replication/m{away}/put/", StringComparison.Ordinal));
        Assert.True(_replicas.Set.Members[away].IsBehind);
    }

    [Fact]
    public async Task Put_OneAway_IsNotAskedAgainBeforeItsTime()
    {
        _replicas.Members[0].IsOut = true;
        await _replicas.PutAsync("a/x.bin", 1);
        var calls = _replicas.Members[0].Calls;

        await _replicas.PutAsync("a/y.bin", 2);
        Assert.Equal(calls, _replicas.Members[0].Calls);

        _replicas.Clock.Advance(TimeSpan.FromSeconds(6));
        await _replicas.PutAsync("a/z.bin", 3);
        Assert.Equal(calls + 1, _replicas.Members[0].Calls);
    }

    [Fact]
    public async Task Put_AllAway_ThrowsAndNamesThem()
    {
        _replicas.Members[0].IsOut = _replicas.Members[1].IsOut = true;

        var error = await Assert.ThrowsAsync<BlobStoreUnavailableException>(() => _replicas.PutAsync("a/x.bin", 1));

        Assert.Contains("'m0'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'m1'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_FewerThanMinCopies_ThrowsAndIsCaughtUpAllTheSame()
    {
        using var replicas = new LocalReplicas(minCopies: 2);
        replicas.Members[1].IsOut = true;

        await Assert.ThrowsAsync<BlobStoreUnavailableException>(() => replicas.PutAsync("a/x.bin", 1));

        replicas.BringBack();
        await replicas.CatchUpAsync();
        Assert.Equal(await replicas.HeldByAsync(0), await replicas.HeldByAsync(1));
    }

    [Fact]
    public async Task Put_OneHangs_IsConfirmedByTheOtherWhenItsTimeIsOver()
    {
        _replicas.Members[0].IsHanging = true;

        var put = _replicas.PutAsync("a/x.bin", 1);
        // That the object is there is not enough: its write has the same time, and must have ended before it is over.
        for (var i = 0; i < 6000 && (_replicas.Members[1].Written == 0 || _replicas.Members[0].Calls == 0); i++)
        {
            await Task.Delay(20);
        }

        Assert.False(put.IsCompleted);
        _replicas.Clock.Advance(TimeSpan.FromSeconds(25));

        await put.WaitAsync(TimeSpan.FromMinutes(3));
        Assert.Equal(["a/x.bin"], await _replicas.HeldByAsync(1));
    }

    [Fact]
    public async Task OpenRead_BreaksOffInTheMiddle_GoesOnWithTheNextAtTheByteThatIsDue()
    {
        var content = RandomNumberGenerator.GetBytes(300_000);
        await _replicas.PutAsync("a/x.bin", content);
        _replicas.Members[0].BreaksAfter = 120_001;

        Assert.Equal(content, await LocalReplicas.ReadAsync(_replicas.Store, "a/x.bin"));
        await using var range = await _replicas.Store.OpenReadAsync("a/x.bin", 1000, 250_000, default);
        var read = new byte[250_000];
        await range.ReadExactlyAsync(read);
        Assert.Equal(content[1000..251_000], read);
    }

    [Fact]
    public async Task OpenRead_AllBreakOff_ThrowsIOException()
    {
        await _replicas.PutAsync("a/x.bin", RandomNumberGenerator.GetBytes(300_000));
        _replicas.Members[0].BreaksAfter = 120_001;
        _replicas.Members[1].BreaksAfter = 20_000;

        await Assert.ThrowsAnyAsync<IOException>(() => LocalReplicas.ReadAsync(_replicas.Store, "a/x.bin"));
    }

    [Fact]
    public async Task OpenRead_NotFoundWhileOneIsAway_ThrowsUnavailable()
    {
        _replicas.Members[0].IsOut = true;

        await Assert.ThrowsAsync<BlobStoreUnavailableException>(() => LocalReplicas.ReadAsync(_replicas.Store, "a/x.bin"));
    }

    [Fact]
    public async Task OpenRead_PrimaryMissedARewrite_GivesTheNewObject()
    {
        await _replicas.PutAsync("a/x.bin", 1);
        _replicas.Members[0].IsOut = true;
        await _replicas.PutAsync("a/x.bin", 2, 2);
        _replicas.BringBack();

        Assert.Equal([2, 2], await LocalReplicas.ReadAsync(_replicas.Store, "a/x.bin"));
    }

    [Fact]
    public async Task Delete_OneAway_IsNotedAndDone()
    {
        await _replicas.PutAsync("a/x.bin", 1);
        _replicas.Members[0].IsOut = true;

        await _replicas.Store.DeleteAsync(["a/x.bin"], default);

        Assert.Empty(await _replicas.HeldByAsync(1));
        _replicas.BringBack();
        await _replicas.CatchUpAsync();
        Assert.Empty(await _replicas.HeldByAsync(0));
        Assert.Empty(await _replicas.HeldByAsync(1));
    }

    [Fact]
    public async Task Delete_AllAway_Throws()
    {
        _replicas.Members[0].IsOut = _replicas.Members[1].IsOut = true;

        await Assert.ThrowsAsync<BlobStoreUnavailableException>(async () => await _replicas.Store.DeleteAsync(["a/x.bin"], default));
    }

    [Fact]
    public async Task List_ObjectOfADeadWriterOnOneMember_IsListedAndDeleted()
    {
        using var stream = new MemoryStream([1]);
        await _replicas.Locals[1].PutAsync("a/orphan.bin", stream, 1, default);

        Assert.Equal(["a/orphan.bin"], await LocalReplicas.KeysAsync(_replicas.Store, "a/"));
        await _replicas.Store.DeleteAsync(["a/orphan.bin"], default);
        Assert.Empty(await LocalReplicas.KeysAsync(_replicas.Locals[1]));
    }

    [Fact]
    public async Task AnyCall_KeyOfTheStoresOwn_Throws()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _replicas.PutAsync(MissedOperations.JoinedKey, 1));
        await Assert.ThrowsAsync<ArgumentException>(() => LocalReplicas.ReadAsync(_replicas.Store, MissedOperations.JoinedKey));
        await Assert.ThrowsAsync<ArgumentException>(async () => await _replicas.Store.DeleteAsync([MissedOperations.JoinedKey], default));
    }
}
