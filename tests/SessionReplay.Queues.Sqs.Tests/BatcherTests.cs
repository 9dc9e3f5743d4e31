using System.Collections.Concurrent;

namespace SessionReplay.Queues.Sqs.Tests;

public sealed class BatcherTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ConcurrentQueue<int[]> _sent = new();
    private readonly SemaphoreSlim _mayEnd = new(0);

    [Fact]
    public async Task Add_WhileARequestIsUnderWay_GathersTheRestIntoFullBatches()
    {
        var batcher = new Batcher<int>(1, int.MaxValue, SendAsync);
        var first = batcher.AddAsync(0, 1, CancellationToken.None);
        await WaitAsync(() => _sent.Count == 1);
        var others = Enumerable.Range(1, 25).Select(i => batcher.AddAsync(i, 1, CancellationToken.None)).ToArray();

        _mayEnd.Release(100);
        await Task.WhenAll([first, .. others]).WaitAsync(Patience);

        Assert.Equal([1, 10, 10, 5], _sent.Select(batch => batch.Length));
        Assert.Equal(Enumerable.Range(0, 26), _sent.SelectMany(batch => batch));
    }

    [Fact]
    public async Task Add_LargeEntries_KeepsTheTotalOfARequest()
    {
        var batcher = new Batcher<int>(1, 100, SendAsync);
        var first = batcher.AddAsync(0, 1, CancellationToken.None);
        await WaitAsync(() => _sent.Count == 1);
        int[] sizes = [60, 40, 1, 99, 100, 100];
        var others = sizes.Select((size, i) => batcher.AddAsync(i + 1, size, CancellationToken.None)).ToArray();

        _mayEnd.Release(100);
        await Task.WhenAll([first, .. others]).WaitAsync(Patience);

        Assert.Equal([[0], [1, 2], [3, 4], [5], [6]], _sent);
    }

    [Fact]
    public async Task Add_Concurrency_SendsAtOnceWhileFewerRequestsAreUnderWay()
    {
        var batcher = new Batcher<int>(3, int.MaxValue, SendAsync);
        var all = new List<Task>();
        for (var i = 0; i < 3; i++)
        {
            all.Add(batcher.AddAsync(i, 1, CancellationToken.None));
            await WaitAsync(() => _sent.Count == i + 1);
        }

        all.Add(batcher.AddAsync(3, 1, CancellationToken.None));
        await Task.Delay(50);
        Assert.Equal(3, _sent.Count);

        _mayEnd.Release(100);
        await Task.WhenAll(all).WaitAsync(Patience);
    }

    [Fact]
    public async Task Add_OneEntryFails_ItsCallerAloneIsTold()
    {
        var batcher = new Batcher<int>(1, int.MaxValue, SendAsync);
        var first = batcher.AddAsync(0, 1, CancellationToken.None);
        await WaitAsync(() => _sent.Count == 1);
        var good = batcher.AddAsync(1, 1, CancellationToken.None);
        var bad = batcher.AddAsync(-1, 1, CancellationToken.None);
        var alsoGood = batcher.AddAsync(2, 1, CancellationToken.None);

        _mayEnd.Release(100);

        await Task.WhenAll(first, good, alsoGood).WaitAsync(Patience);
        await Assert.ThrowsAsync<EntryFailedException>(() => bad.WaitAsync(Patience));
    }

    [Fact]
    public async Task Add_RequestFails_AllItsCallersAreToldAndTheNextOneWorks()
    {
        var fails = true;
        var batcher = new Batcher<int>(1, int.MaxValue, batch => fails ? throw new InvalidOperationException("no") : SendAsync(batch));
        await Assert.ThrowsAsync<InvalidOperationException>(() => batcher.AddAsync(0, 1, CancellationToken.None).WaitAsync(Patience));
        fails = false;
        _mayEnd.Release(100);

        await batcher.AddAsync(1, 1, CancellationToken.None).WaitAsync(Patience);

        Assert.Equal([[1]], _sent);
    }

    [Fact]
    public async Task Add_CancelledBeforeItsRequest_IsNotSent()
    {
        var batcher = new Batcher<int>(1, int.MaxValue, SendAsync);
        var first = batcher.AddAsync(0, 1, CancellationToken.None);
        await WaitAsync(() => _sent.Count == 1);
        using var cancelled = new CancellationTokenSource();
        var givenUp = batcher.AddAsync(1, 1, cancelled.Token);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);
        var last = batcher.AddAsync(2, 1, CancellationToken.None);

        _mayEnd.Release(100);
        await Task.WhenAll(first, last).WaitAsync(Patience);

        Assert.Equal([[0], [2]], _sent);
    }

    private async Task<IReadOnlyDictionary<int, Exception>> SendAsync(IReadOnlyList<int> batch)
    {
        _sent.Enqueue([.. batch]);
        await _mayEnd.WaitAsync(Patience);
        return Enumerable.Range(0, batch.Count).Where(i => batch[i] < 0)
            .ToDictionary(i => i, i => (Exception)new EntryFailedException("Code", "message", false));
    }

    private static async Task WaitAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!condition())
        {
            await Task.Delay(5, limit.Token);
        }
    }
}
