namespace SessionReplay.ScaleOutProof;

/// <summary>Opens the session list once a second, as somebody in front of the console.</summary>
internal sealed class Viewer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;

    public Viewer(HttpClient http, string playback) => _watching = WatchAsync(http, $"{playback}/api/sessions");

    public int Answered { get; private set; }

    public int Failed { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync(HttpClient http, string url)
    {
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), _stop.Token);
                try
                {
                    using var answer = await http.GetAsync(url, _stop.Token);
                    _ = answer.IsSuccessStatusCode ? Answered++ : Failed++;
                }
                catch (HttpRequestException)
                {
                    Failed++;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The proof is over.
        }
    }
}
