using SessionReplay.Queues;

namespace SessionReplay.Shared.Tests.Queues;

public sealed class SettlementTests
{
    private readonly Settlement _settlement = new("one");

    [Fact]
    public async Task TryBegin_ManyCallersAtOnce_OneWins()
    {
        for (var round = 0; round < 200; round++)
        {
            var settlement = new Settlement("one");
            using var start = new Barrier(4);
            var won = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    return settlement.TryBegin();
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));

            Assert.Single(won, true);
        }
    }

    [Fact]
    public void Begin_HasBegun_ThrowsAndNamesTheMessage()
    {
        _settlement.Begin();

        Assert.True(_settlement.HasBegun);
        Assert.Contains("one", Assert.Throws<InvalidOperationException>(_settlement.Begin).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Undo_HasBegun_CanBeginAgain()
    {
        _settlement.Begin();

        _settlement.Undo();

        Assert.False(_settlement.HasBegun);
        Assert.True(_settlement.TryBegin());
    }

    [Fact]
    public async Task StartBefore_SettlementHasBegun_StartsNothing()
    {
        var started = 0;
        await _settlement.StartBefore(Start);
        _settlement.Begin();
        await _settlement.StartBefore(Start);

        Assert.Equal(1, started);

        Task Start()
        {
            started++;
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task StartBefore_WhileOthersBegin_StartsNothingAfterwards()
    {
        for (var round = 0; round < 200; round++)
        {
            var settlement = new Settlement("one");
            var (begun, late) = (false, false);
            using var start = new Barrier(2);
            var renewing = Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    settlement.StartBefore(() =>
                    {
                        late |= Volatile.Read(ref begun);
                        return Task.CompletedTask;
                    });
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
            start.SignalAndWait();
            settlement.Begin();
            Volatile.Write(ref begun, true);
            await renewing;

            Assert.False(late);
        }
    }
}
