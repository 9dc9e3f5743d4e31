using SessionReplay.Format;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Storage;
using SessionReplay.Streams;

namespace SessionReplay.Pipeline.Tests.Resilience;

public sealed class GuardedBlobStoreTests : IDisposable
{
    private readonly DependencyPipelineFixture _fixture = new(configure: options => options.MinimumThroughput = 3);
    private readonly FailingBlobStore _store = new();
    private readonly GuardedBlobStore _guarded;

    public GuardedBlobStoreTests() => _guarded = new(_store, _fixture.DependencyPipeline);

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Write_FailsAfterTheContentWasRead_IsWrittenWholeTheSecondTime(bool create)
    {
        _store.Failures = 1;
        using var content = new MemorySegmentStream(["ab"u8.ToArray(), "cde"u8.ToArray()]);
        content.Position = 1;

        await _fixture.PassAsync(
            (create ? _guarded.CreateAsync("k", content, 4, default) : _guarded.PutAsync("k", content, 4, default)).AsTask());

        Assert.Equal(["bcde"], _store.Written);
        Assert.Equal(create ? ["create", "create"] : ["put", "put"], _store.Calls);
    }

    [Fact]
    public async Task Put_ContentThatCannotBeReadAgain_IsNotWrittenAgain()
    {
        _store.Failures = 1;
        using var inner = new MemoryStream([1]);
        using var content = new ExactLengthStream(inner, 1);

        await Assert.ThrowsAsync<BlobStoreUnavailableException>(() => _guarded.PutAsync("k", content, 1, default).AsTask());

        Assert.Single(_store.Calls);
    }

    [Fact]
    public async Task OpenRead_FailsOnce_IsOpenedAgain()
    {
        _store.Failures = 1;
        await using var stream = await _fixture.PassAsync(_guarded.OpenReadAsync("k", 0, null, default).AsTask());

        var bytes = new byte[3];
        await stream.ReadExactlyAsync(bytes);
        Assert.Equal([1, 2, 3], bytes);
        Assert.Equal(3, stream.Length);
    }

    [Fact]
    public async Task Read_Stalls_EndsWithAnErrorAndCounts()
    {
        _store.Content = static () => new StallingStream();
        await using var stream = await _guarded.OpenReadAsync("k", 0, null, default);
        Assert.Equal(1, await stream.ReadAsync(new byte[1]));
        // An hour passes between two reads: that is the reader's own time. The opening is forgotten by then.
        _fixture.Clock.Advance(TimeSpan.FromHours(1));
        var began = _fixture.Clock.GetUtcNow();
        var error = await Assert.ThrowsAsync<IOException>(() => _fixture.PassAsync(stream.ReadAsync(new byte[1]).AsTask()));

        Assert.Contains("did not go on within 00:00:10", error.Message, StringComparison.Ordinal);
        Assert.InRange(_fixture.Clock.GetUtcNow() - began, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(39));
        await _fixture.DependencyPipeline.ReportFailureAsync(DependencyPipelineFixture.Away);
        Assert.Equal(BreakerState.Closed, _fixture.DependencyPipeline.State);
        await _fixture.DependencyPipeline.ReportFailureAsync(DependencyPipelineFixture.Away);
        Assert.Equal(BreakerState.Open, _fixture.DependencyPipeline.State);
    }

    [Fact]
    public async Task Read_BreaksOff_EndsWithItsErrorAndCounts()
    {
        _store.Content = static () => new ExactLengthStream(new MemoryStream(), 5);
        for (var i = 0; i < 2; i++)
        {
            await using var stream = await _guarded.OpenReadAsync("k", 0, null, default);
            await Assert.ThrowsAsync<EndOfStreamException>(() => stream.ReadAsync(new byte[1]).AsTask());
        }

        Assert.Equal(BreakerState.Open, _fixture.DependencyPipeline.State);
    }

    [Fact]
    public async Task Read_CallerGivesUp_IsCancelledAndDoesNotCount()
    {
        _store.Content = static () => new StallingStream();
        await using var stream = await _guarded.OpenReadAsync("k", 0, null, default);
        Assert.Equal(1, await stream.ReadAsync(new byte[1]));
        using var caller = new CancellationTokenSource();
        var read = stream.ReadAsync(new byte[1], caller.Token).AsTask();
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        Assert.Equal(BreakerState.Closed, _fixture.DependencyPipeline.State);
    }

    [Fact]
    public async Task List_FailsBeforeTheFirst_IsListedAgain()
    {
        _store.Failures = 1;
        _store.Listing = ["a", "b"];

        Assert.Equal(["a", "b"], await _fixture.PassAsync(ListAsync()));
        Assert.Equal(["list", "list"], _store.Calls);
    }

    [Fact]
    public async Task List_FailsLater_EndsWithTheErrorAndIsNotListedAgain()
    {
        _store.Listing = ["a", new BlobStoreUnavailableException("page 2")];

        Assert.Equal("page 2", (await Assert.ThrowsAsync<BlobStoreUnavailableException>(() => _fixture.PassAsync(ListAsync()))).Message);
        Assert.Equal(["list"], _store.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task List_Stalls_EndsWithUnavailable(bool afterTheFirst)
    {
        _store.Listing = afterTheFirst ? ["a", null] : [null];

        await Assert.ThrowsAsync<BlobStoreUnavailableException>(() => _fixture.PassAsync(ListAsync()));
        Assert.Equal(["list"], _store.Calls);
    }

    [Fact]
    public async Task Delete_FailsTwice_IsDeletedTheThirdTime()
    {
        _store.Failures = 2;
        using var patient = new DependencyPipelineFixture();

        await patient.PassAsync(new GuardedBlobStore(_store, patient.DependencyPipeline).DeleteAsync(["a"], default).AsTask());

        Assert.Equal(3, _store.Calls.Count);
    }

    private async Task<List<string>> ListAsync()
    {
        var keys = new List<string>();
        await foreach (var blob in _guarded.ListAsync("p", default))
        {
            keys.Add(blob.Key);
        }

        return keys;
    }

    /// <summary>Gives one byte and then nothing more.</summary>
    private sealed class StallingStream : MemoryStream
    {
        private bool _begun;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_begun)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            _begun = true;
            return 1;
        }
    }
}
