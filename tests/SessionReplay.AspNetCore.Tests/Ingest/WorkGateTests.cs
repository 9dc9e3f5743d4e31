using Microsoft.Extensions.Time.Testing;
using SessionReplay.AspNetCore.Ingest;

namespace SessionReplay.AspNetCore.Tests.Ingest;

public sealed class WorkGateTests
{
    private const int Large = 4_000_000;

    private static readonly int Width = Math.Max(1, Environment.ProcessorCount / 2);

    private readonly WorkGate _gate = new(TimeProvider.System);

    [Fact]
    public async Task Enter_MoreThanItsWidth_WaitsAndGoesOnInTurn()
    {
        var turns = new List<IDisposable>();
        for (var i = 0; i < Width; i++)
        {
            turns.Add(await EnterAsync("a"));
        }

        var waiting = EnterAsync("a");
        Assert.False(waiting.IsCompleted);
        using (await _gate.EnterAsync("a", 100, default))
        {
            // What is of ordinary size does not wait for it.
        }

        turns[0].Dispose();
        turns[0].Dispose();
        (await waiting.WaitAsync(TimeSpan.FromMinutes(1))).Dispose();
    }

    [Fact]
    public async Task Enter_OrdinaryBodiesOfAnAddressThatHadMuchDone_WaitWithTheLargeOnes()
    {
        var gate = new WorkGate(new FakeTimeProvider());
        var turns = new List<IDisposable>();
        for (var i = 0; i < Width; i++)
        {
            turns.Add(await gate.EnterAsync("a", Large, default));
        }

        for (var i = 0; i < 5; i++)
        {
            (await gate.EnterAsync("b", 1_000_000, default)).Dispose();
        }

        var waiting = gate.EnterAsync("b", 100, default).AsTask();
        Assert.False(waiting.IsCompleted);
        (await gate.EnterAsync("c", 1_000_000, default)).Dispose();
        turns.ForEach(turn => turn.Dispose());
        (await waiting.WaitAsync(TimeSpan.FromMinutes(1))).Dispose();
    }

    [Fact]
    public async Task Enter_AddressThatAskedForMuch_WaitsBehindOneThatAskedForLittle()
    {
        Assert.InRange(await PlaceOfOneAmongAsync("modest", "greedy"), 0, Width);
    }

    [Fact]
    public async Task Enter_AddressThatWasBusyWhileNobodyWaited_DoesNotWaitBehindAllThatComeLater()
    {
        for (var i = 0; i < 100; i++)
        {
            (await EnterAsync("visitor")).Dispose();
        }

        Assert.InRange(await PlaceOfOneAmongAsync("visitor", "flood"), 0, 2 * Width);
    }

    [Fact]
    public async Task Enter_OneThatIsCancelledWhileItWaits_LeavesNoTurnTaken()
    {
        var turns = new List<IDisposable>();
        for (var i = 0; i < Width; i++)
        {
            turns.Add(await EnterAsync("a"));
        }

        using var cancelled = new CancellationTokenSource();
        var gone = _gate.EnterAsync("b", Large, cancelled.Token).AsTask();
        var next = EnterAsync("c");
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        turns.ForEach(turn => turn.Dispose());
        (await next.WaitAsync(TimeSpan.FromMinutes(1))).Dispose();
        for (var i = 0; i < Width; i++)
        {
            Assert.True(EnterAsync("d").IsCompletedSuccessfully);
        }
    }

    [Fact]
    public async Task Enter_ManyThatAreCancelledWhileTheyWait_LeaveTheirPlacesAtOnce()
    {
        using var cancelled = new CancellationTokenSource();
        for (var i = 0; i < Width; i++)
        {
            await EnterAsync("a");
        }

        var gone = Enumerable.Range(0, WorkGate.MaxWaiting).Select(i => _gate.EnterAsync($"b{i % 32}", Large, cancelled.Token).AsTask())
            .ToList();
        await AssertRefusedAsync("c");
        await cancelled.CancelAsync();
        await Task.WhenAll(gone.Select(waiter => Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiter)));

        for (var i = 0; i < WorkGate.MaxWaiting / 2; i++)
        {
            Assert.False(EnterAsync("b0").IsCompleted);
        }
    }

    [Fact]
    public async Task Enter_TooManyOfOneAddress_AreRefusedAndOthersAreNot()
    {
        for (var i = 0; i < Width + WorkGate.MaxWaiting / 2; i++)
        {
            _ = EnterAsync("a");
        }

        await AssertRefusedAsync("a");
        for (var i = 0; i < WorkGate.MaxWaitingOfAddress; i++)
        {
            Assert.False(EnterAsync("b").IsCompleted);
        }

        await AssertRefusedAsync("b");
        Assert.False(EnterAsync("c").IsCompleted);
    }

    [Fact]
    public void Budget_MoreThanIsLeft_IsChargedOnceAndPaidOffByTime()
    {
        var clock = new FakeTimeProvider();
        var budget = new WorkBudget(1_000, clock);

        Assert.Null(budget.Charge("a", 20_000));
        Assert.Equal(TimeSpan.FromSeconds(4), budget.Charge("a", 1));
        Assert.Null(budget.Charge("b", 1));
        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.NotNull(budget.Charge("a", 1));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(budget.Charge("a", 100));
        budget.Add("a", 5_000);
        Assert.NotNull(budget.Charge("a", 1));
        clock.Advance(TimeSpan.FromDays(1));
        Assert.Null(budget.Charge("a", 16_000));
        Assert.NotNull(budget.Charge("a", 1));
    }

    /// <summary>Lets another fill the gate and queue up, then the one, and gives how many went before the one.</summary>
    private async Task<int> PlaceOfOneAmongAsync(string one, string other)
    {
        var first = new List<IDisposable>();
        for (var i = 0; i < Width; i++)
        {
            first.Add(await EnterAsync(other));
        }

        var order = new List<string>();
        var others = Enumerable.Range(0, 50).Select(_ => NoteAsync(other)).ToList();
        var last = NoteAsync(one);
        first.ForEach(turn => turn.Dispose());
        await Task.WhenAll([.. others, last]).WaitAsync(TimeSpan.FromMinutes(1));
        return order.IndexOf(one);

        async Task NoteAsync(string address)
        {
            using var turn = await EnterAsync(address);
            lock (order)
            {
                order.Add(address);
            }
        }
    }

    private async Task AssertRefusedAsync(string address)
    {
        var refused = EnterAsync(address).WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal("overloaded", (await Assert.ThrowsAsync<IngestRejectedException>(() => refused)).Code);
    }

    private Task<IDisposable> EnterAsync(string address) => _gate.EnterAsync(address, Large, default).AsTask();
}
