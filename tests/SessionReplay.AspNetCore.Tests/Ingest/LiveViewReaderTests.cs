using Microsoft.Extensions.Time.Testing;
using SessionReplay.AspNetCore.Ingest;

namespace SessionReplay.AspNetCore.Tests.Ingest;

public sealed class LiveViewReaderTests : IAsyncLifetime
{
    private readonly SessionRef _session = new(new("shop"), BatchSamples.NewSession());
    private readonly FakeTimeProvider _clock = new();
    private readonly LiveViewStub _store = new();
    private readonly LineLog<LiveViewReader> _log = new();
    private readonly LiveViews _views;
    private readonly LiveViewReader _reader;

    public LiveViewReaderTests()
    {
        _views = new(_clock);
        _reader = new(_views, _store, _clock, _log);
    }

    public Task InitializeAsync() => _reader.StartAsync(default);

    public async Task DisposeAsync()
    {
        await _reader.StopAsync(default);
        Assert.True(_reader.ExecuteTask!.IsCompletedSuccessfully);
        _reader.Dispose();
    }

    [Fact]
    public async Task Read_NoBatchArrives_AsksNothing()
    {
        await PassAsync(300);
        Assert.Equal(0, _store.Reads);
    }

    [Fact]
    public async Task Read_BatchesArrive_AsksAtOnceEveryTwoSecondsAndAMinuteLonger()
    {
        _store.Watched = [_session];
        Assert.False(_views.IsWatched(_session));
        await FullHost.WaitAsync(() => Task.FromResult(_views.IsWatched(_session)), "the first reading");

        _store.Watched = [];
        await PassAsync(10);
        Assert.False(_views.IsWatched(_session));
        Assert.InRange(_store.Reads, 2, 7);

        await PassAsync(120);
        var reads = _store.Reads;
        Assert.InRange(reads, 20, 42);
        await PassAsync(120);
        Assert.Equal(reads, _store.Reads);

        _store.Watched = [_session];
        _views.IsWatched(_session);
        await FullHost.WaitAsync(() => Task.FromResult(_views.IsWatched(_session)), "a reading after a pause");
    }

    [Fact]
    public async Task Read_CatalogFails_NobodyIsKnownToWatchAndOneLineAMinuteSaysSo()
    {
        _store.Fails = true;
        for (var i = 0; i < 90; i++)
        {
            Assert.False(_views.IsWatched(_session));
            await PassAsync(1);
        }

        Assert.Equal(2, _log.Lines.Count);
        (_store.Fails, _store.Watched) = (false, [_session]);
        await PassAsync(4);
        Assert.True(_views.IsWatched(_session));
    }

    [Fact]
    public async Task Read_CatalogHangs_NothingWaitsForIt()
    {
        _store.Gate = new TaskCompletionSource().Task;
        Assert.False(_views.IsWatched(_session));
        await FullHost.WaitAsync(() => Task.FromResult(_store.Reads == 1), "the first reading");
        _views.Note(_session);
        Assert.True(_views.IsWatched(_session));
        await PassAsync(10);
        Assert.Equal(1, _store.Reads);
    }

    /// <summary>Advances the clock in small steps, so that the service keeps up.</summary>
    private async Task PassAsync(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10);
        }
    }
}
