namespace SessionReplay.LoadGenerator;

/// <summary>Many synthetic visitors at once.</summary>
public sealed class Load : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromSeconds(10), MaxConnectionsPerServer = 64 })
    {
        Timeout = TimeSpan.FromSeconds(40),
    };

    private readonly Task[] _visitors;

    private Load(LoadOptions options)
    {
        var corpus = Corpus.Read();
        _visitors = [.. Enumerable.Range(0, options.Visitors).Select(number => Task.Run(() => new Visitor(number, options, corpus, _http, Ledger).RunAsync(_stop.Token)))];
    }

    /// <summary>What was sent and acknowledged so far.</summary>
    public Ledger Ledger { get; } = new();

    /// <summary>Lets the visitors begin.</summary>
    public static Load Start(LoadOptions options) => new(options);

    /// <summary>Waits until so many more batches were acknowledged.</summary>
    /// <exception cref="LoadException">They were not within the time.</exception>
    public async Task WaitForAcknowledgedAsync(int more, TimeSpan timeout)
    {
        var target = Ledger.AcknowledgedCount + more;
        var started = TimeProvider.System.GetTimestamp();
        while (Ledger.AcknowledgedCount < target)
        {
            if (_visitors.FirstOrDefault(visitor => visitor.IsFaulted) is { } failed)
            {
                await failed;
            }

            if (TimeProvider.System.GetElapsedTime(started) > timeout)
            {
                throw new LoadException($"Only {more - (target - Ledger.AcknowledgedCount)} of {more} batches were acknowledged within {timeout}.");
            }

            await Task.Delay(50);
        }
    }

    /// <summary>Lets each visitor deliver the batch it is at, and ends.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_visitors);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _http.Dispose();
    }
}
