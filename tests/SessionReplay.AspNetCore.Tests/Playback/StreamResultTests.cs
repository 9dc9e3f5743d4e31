using System.Net;
using Microsoft.Extensions.Logging;
using SessionReplay.Catalog;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Tests.Playback;

/// <summary>Answers that are read while they are made, and those that break off.</summary>
public sealed class StreamResultTests : IAsyncLifetime
{
    /// <summary>The object's header, and one chunk and a half behind it.</summary>
    private const int OneChunk = 450;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly SessionId _session = BatchSamples.NewSession();
    private readonly WindowId _window = WindowId.Create(TimeProvider.System);
    private readonly ErrorLog _log = new();
    private WatchedBlobStore _store = null!;
    private HeldStream? _held;
    private FullHost _host = null!;

    private string Path => FullHost.BatchesPath(_session, new ChunkStretch(_window, 0, 9));

    public async Task InitializeAsync()
    {
        _host = await FullHost.StartAsync(build: (builder, replay) =>
        {
            builder.Logging.AddProvider(_log);
            replay.Services.Decorate<IBlobStore>(inner => _store = new(inner));
        });
        await _host.RecordAsync(_session, [.. Enumerable.Range(0, 4).Select(seq => BatchSamples.Create(_session, _window, (uint)seq))]);
        await _host.SweepAsync();
        _store.Reads.Clear();
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _log.Dispose();
    }

    [Fact]
    public async Task Get_StoreIsSlow_FirstBatchComesBeforeTheLastIsRead()
    {
        Hold(OneChunk);
        using var answer = await _host.Client.GetAsync(Path, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience);
        await using var content = await answer.Content.ReadAsStreamAsync();
        await using var records = PlaybackStream.ReadAsync(content).GetAsyncEnumerator();

        Assert.True(await records.MoveNextAsync().AsTask().WaitAsync(Patience));
        Assert.Equal(0u, records.Current.Seq);
        Assert.NotEmpty(records.Current.Unpack());
        var second = records.MoveNextAsync().AsTask();
        await Task.Delay(300);
        Assert.False(second.IsCompleted);
        _held!.Release();
        for (var seq = 1u; seq < 4; seq++, second = records.MoveNextAsync().AsTask())
        {
            Assert.True(await second.WaitAsync(Patience));
            Assert.Equal(seq, records.Current.Seq);
        }

        Assert.True(await second.WaitAsync(Patience));
        Assert.True(records.Current.IsEnd);
        await _held.Disposed.WaitAsync(Patience);
        Assert.Single(_store.Reads);
        Assert.Empty(_log.Errors);
    }

    [Fact]
    public async Task Get_StoreBreaksOffInTheMiddle_AnswerBreaksOffAndIsLoggedOnce()
    {
        Hold(OneChunk);
        using var answer = await _host.Client.GetAsync(Path, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience);
        await using var content = await answer.Content.ReadAsStreamAsync();
        await using var records = PlaybackStream.ReadAsync(content).GetAsyncEnumerator();
        Assert.True(await records.MoveNextAsync().AsTask().WaitAsync(Patience));
        _held!.Fail();

        await Assert.ThrowsAnyAsync<IOException>(async () => await records.MoveNextAsync().AsTask().WaitAsync(Patience));

        await _held.Disposed.WaitAsync(Patience);
        var line = Assert.Single(_log.Errors);
        Assert.Contains($"/sessions/{_session}/batches", line, StringComparison.Ordinal);
        Assert.DoesNotContain("stretch", line, StringComparison.Ordinal);
        Assert.Equal(BatchSamples.Create(_session, _window, 3), await _host.ChunkAsync(_session, _window, 3));
    }

    [Fact]
    public async Task Get_StoreBreaksOffAtOnce_IsAProblem()
    {
        Hold(50).Fail();
        using var answer = await _host.Client.GetAsync(Path);

        await IngestHost.ProblemAsync(answer, HttpStatusCode.ServiceUnavailable, "blob-store-unavailable");
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task Get_ClientGoesAway_ReadingEndsAndNothingIsLogged()
    {
        Hold(OneChunk);
        using (var answer = await _host.Client.GetAsync(Path, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience))
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        await _held!.Disposed.WaitAsync(Patience);
        Assert.Empty(_log.Errors);
    }

    /// <summary>The next read of the store gives some bytes and then waits.</summary>
    private HeldStream Hold(int bytes)
    {
        var made = new HeldStream(bytes);
        _store.Opened = stream =>
        {
            _store.Opened = static other => other;
            _held = made;
            made.Inner = stream;
            return made;
        };
        return made;
    }
}
