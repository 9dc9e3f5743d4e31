namespace SessionReplay.LoadGenerator;

/// <summary>Many synthetic visitors at once.</summary>
public sealed class Load : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http = new(
        new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromSeconds(10), MaxConnectionsPerServer = 64 })
    {
        Timeout = TimeSpan.FromSeconds(40),
    };

    private readonly Task[] _visitors;

    private Load(LoadOptions options)
    {
        var corpus = Corpus.Read();
        _visitors = [
            .. Enumerable.Range(0, options.Visitors)
                .Select(number => Task.Run(() => new Visitor(number, options, corpus, _http, Ledger).RunAsync(_stop.Token)))];
    }

    /// <summary>What was sent and acknowledged so far.</summary>
    public Ledger Ledger { get; } = new();

    /// <summary>Lets the visitors begin.</summary>
    public static Load Start(LoadOptions options) => new(options);

    /// <summary>Waits until so many more batches were acknowledged.</summary>
    /// <param name="more">How many.</param>
    /// <param name="patience">How long the wait goes on without a single one.</param>
    /// <exception cref="LoadException">No more came within that time.</exception>
    public async Task WaitForAcknowledgedAsync(int more, TimeSpan patience)
    {
        var target = Ledger.AcknowledgedCount + more;
        var standstill = new Standstill(patience);
        while (Ledger.AcknowledgedCount < target)
        {
            if (_visitors.FirstOrDefault(visitor => visitor.IsFaulted) is { } failed)
            {
                await failed;
            }

            if (standstill.IsReached(Ledger.AcknowledgedCount))
            {
                throw new LoadException(
                    $"Only {more - (target - Ledger.AcknowledgedCount)} of {more} batches were acknowledged, and none in the last {patience}.");
            }

            await Task.Delay(50);
        }
    }

    /// <summary>Lets each visitor deliver the batch it is at, and ends.</summary>
    /// <param name="patience">How long the wait goes on without a single one that is delivered; for ever by default.</param>
    /// <exception cref="LoadException">None was delivered within that time.</exception>
    public async Task StopAsync(TimeSpan? patience = null)
    {
        await _stop.CancelAsync();
        var standstill = new Standstill(patience ?? TimeSpan.MaxValue);
        var visitors = Task.WhenAll(_visitors);
        while (await Task.WhenAny(visitors, Task.Delay(100)) != visitors)
        {
            if (standstill.IsReached(Ledger.AcknowledgedCount))
            {
                throw new LoadException(
                    $"{_visitors.Count(visitor => !visitor.IsCompleted)} visitors cannot deliver their last batch, none in the last {patience}.");
            }
        }

        await visitors;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _http.Dispose();
    }
}
