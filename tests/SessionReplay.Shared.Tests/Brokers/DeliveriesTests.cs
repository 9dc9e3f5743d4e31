using SessionReplay.Queues;

namespace SessionReplay.Shared.Tests.Brokers;

public sealed class DeliveriesTests
{
    private readonly Deliveries<FakeMessage> _deliveries = new(FakeBroker.Calls());
    private readonly FakeMessage _message = new();
    private int _renewals;

    [Fact]
    public async Task Add_UntilItIsSettled_IsUnsettled()
    {
        var delivery = _deliveries.Add(_message);
        _message.Settling = _ =>
        {
            Assert.Equal([_message], _deliveries.Unsettled);
            Assert.False(_deliveries.IsOpen(_message));
            return Task.CompletedTask;
        };
        Assert.True(_deliveries.IsOpen(_message));

        await delivery.AckAsync(CancellationToken.None);

        Assert.Equal(0, _deliveries.Count);
        Assert.False(_deliveries.IsOpen(_message));
    }

    [Fact]
    public async Task Renew_SettlementHasBegun_RenewsNothing()
    {
        var delivery = _deliveries.Add(_message);
        await _deliveries.RenewAsync(_message, RenewAsync);
        _message.Settling = _ => _deliveries.RenewAsync(_message, RenewAsync);
        await delivery.AckAsync(CancellationToken.None);
        await _deliveries.RenewAsync(_message, RenewAsync);

        Assert.Equal(1, _renewals);
    }

    [Fact]
    public async Task Remove_LeaseIsLost_CanStillBeSettledInVain()
    {
        var delivery = _deliveries.Add(_message);
        _deliveries.Remove(_message);
        Assert.Equal(0, _deliveries.Count);

        await delivery.AckAsync(CancellationToken.None);

        Assert.Equal(["ack", "end"], _message.Calls);
    }

    [Fact]
    public async Task GiveAllBack_SomeAreBeingSettled_GivesBackTheOthers()
    {
        var settled = new FakeMessage("settled");
        var confirmed = new TaskCompletionSource();
        settled.Settling = _ => confirmed.Task;
        var ack = _deliveries.Add(settled).AckAsync(CancellationToken.None);
        _deliveries.Add(_message);

        await _deliveries.GiveAllBackAsync();

        Assert.Equal(["give back", "end"], _message.Calls);
        Assert.Equal(["ack"], settled.Calls);
        confirmed.SetResult();
        await ack;
        Assert.Equal(0, _deliveries.Count);
    }

    private Task RenewAsync()
    {
        _renewals++;
        return Task.CompletedTask;
    }
}
