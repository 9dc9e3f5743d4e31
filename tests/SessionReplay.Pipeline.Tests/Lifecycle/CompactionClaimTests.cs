using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Pipeline.Lifecycle;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Tests.Lifecycle;

/// <summary>Two processes that compact one session, because the first was thought dead.</summary>
public sealed class CompactionClaimTests
{
    private readonly SessionId _session = BatchSamples.NewSession();
    private readonly WindowId _window = WindowId.Create(TimeProvider.System);
    private readonly OutageBlobStore _blobs = new() { IsOut = false };

    [Fact]
    public async Task Compact_ClaimLostDuringTheWrite_LeavesTheOthersObjectAloneAndDeletesItsOwn()
    {
        await using var host = await StartAsync();
        await RecordAsync(host, 0, 2);
        var first = await ClaimAsync(host);
        var (writing, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        _blobs.Writing = async (key, _) =>
        {
            if (key.EndsWith($"session_{_session}_encrypted.bin", StringComparison.Ordinal))
            {
                writing.TrySetResult();
                await goOn.Task;
            }
        };
        var lost = Task.Run(async () => await Compactor(host).CompactAsync(first, default));
        await writing.Task.WaitAsync(TimeSpan.FromMinutes(1));

        // The other sees a chunk more: its object has other offsets.
        await RecordAsync(host, 1);
        await Compactor(host).CompactAsync(await ClaimAsync(host), default);
        goOn.SetResult();
        await lost;

        Assert.Equal(BlobPaths.Recording(first.Row.Session, first.Row.SessionStarted, 2), Assert.Single(_blobs.Keys));
        for (uint seq = 0; seq < 3; seq++)
        {
            Assert.Equal(BatchSamples.Create(_session, _window, seq), await host.ChunkAsync(_session, _window, seq));
        }
    }

    [Fact]
    public async Task Compact_ClaimBeforeDiedAfterItsWrite_RemovesWhatItLeft()
    {
        await using var host = await StartAsync();
        await RecordAsync(host, 0);
        var dead = await ClaimAsync(host);
        await _blobs.PutAsync(
            BlobPaths.Recording(dead.Row.Session, dead.Row.SessionStarted, dead.Number), new MemoryStream([1]), 1, default);

        await Compactor(host).CompactAsync(await ClaimAsync(host), default);

        Assert.Equal(BlobPaths.Recording(dead.Row.Session, dead.Row.SessionStarted, 2), Assert.Single(_blobs.Keys));
        Assert.Equal(BatchSamples.Create(_session, _window, 0), await host.ChunkAsync(_session, _window, 0));
    }

    [Fact]
    public async Task Sweep_CompactionEndedBetweenNoteAndDeletion_DeletesTheParts()
    {
        await using var host = await StartAsync();
        await RecordAsync(host, 0);
        await SpillAsync(host);
        await RecordAsync(host, 1);
        var claim = await ClaimAsync(host);
        _blobs.Deleting = static _ => throw new InvalidOperationException("killed");
        await Compactor(host).CompactAsync(claim, default);
        Assert.True(_blobs.Keys.Count() > 1);
        _blobs.Deleting = static _ => { };

        await host.SweepAsync();

        Assert.Equal(BlobPaths.Recording(claim.Row.Session, claim.Row.SessionStarted, claim.Number), Assert.Single(_blobs.Keys));
        Assert.Empty(await host.Services.GetRequiredService<ISessionLifecycle>().ListReplacedAsync(null, 10, default));
        Assert.Equal(BatchSamples.Create(_session, _window, 1), await host.ChunkAsync(_session, _window, 1));
    }

    [Fact]
    public async Task Compact_LiveSessionBeyondALimit_WritesAPartWhichTheRecordingTakesUp()
    {
        await using var host = await StartAsync();
        await RecordAsync(host, 0, 1);
        var row = await SpillAsync(host);
        Assert.Equal(BlobPaths.Part(row.Session, row.SessionStarted, 1), Assert.Single(_blobs.Keys));
        await RecordAsync(host, 2);
        await SpillAsync(host);
        await RecordAsync(host, 3);
        Assert.Equal(2, _blobs.Keys.Count());
        await AssertPlayedAsync(host, 4);

        await host.SweepAsync();

        Assert.Equal(BlobPaths.Recording(row.Session, row.SessionStarted, 3), Assert.Single(_blobs.Keys));
        await AssertPlayedAsync(host, 4);
    }

    [Fact]
    public async Task Compact_ChunksAfterTheRecording_LieInAPartBesideIt()
    {
        await using var host = await StartAsync();
        await RecordAsync(host, 0);
        await host.SweepAsync();
        await RecordAsync(host, 1);
        var row = await SpillAsync(host);

        Assert.Equal(
            [BlobPaths.Part(row.Session, row.SessionStarted, 2), BlobPaths.Recording(row.Session, row.SessionStarted, 1)], _blobs.Keys);
        await AssertPlayedAsync(host, 2);
        await host.SweepAsync();
        Assert.Equal(2, _blobs.Keys.Count());
    }

    [Fact]
    public async Task Compact_SessionDeletedDuringTheWrite_LeavesNothing()
    {
        await using var host = await StartAsync();
        await RecordAsync(host, 0);
        var claim = await ClaimAsync(host);
        _blobs.Writing = async (_, token) =>
            await host.Services.GetRequiredService<SessionDeletion>().DeleteAsync(claim.Row.Session, "test", token);

        await Compactor(host).CompactAsync(claim, default);

        Assert.Empty(_blobs.Keys);
    }

    [Fact]
    public async Task Sweep_StoreAway_GivesTheSessionBack()
    {
        await using var host = await StartAsync();
        await RecordAsync(host, 0);
        _blobs.Writing = (_, _) => throw new BlobStoreUnavailableException("away");
        await Assert.ThrowsAsync<BlobStoreUnavailableException>(host.SweepAsync);

        var lifecycle = host.Services.GetRequiredService<ISessionLifecycle>();
        var now = TimeProvider.System.GetUtcNow();
        var claims = await lifecycle.ClaimForCompactionAsync(8, SessionCompactor.Limits, now, now + ClaimHeartbeat.ClaimTime, default);
        Assert.Equal(2, Assert.Single(claims).Number);
    }

    [Theory]
    [InlineData(typeof(UnauthorizedAccessException))]
    [InlineData(typeof(OperationCanceledException))]
    public async Task Service_ErrorThatNobodyExpects_DoesNotEndTheApplication(Type error)
    {
        await using var host = await StartAsync();
        await RecordAsync(host, 0);
        var later = TimeProvider.System.GetUtcNow().AddDays(1);
        await host.Services.GetRequiredService<ISessionLifecycle>().EndSessionsAsync(later, later, later, default);
        var written = new TaskCompletionSource();
        _blobs.Writing = (_, _) =>
        {
            written.TrySetResult();
            throw (Exception)Activator.CreateInstance(error)!;
        };

        using var service = ActivatorUtilities.CreateInstance<LifecycleService>(host.Services);
        await service.StartAsync(default);
        await written.Task.WaitAsync(TimeSpan.FromMinutes(1));
        await service.StopAsync(default);

        Assert.True(
            service.ExecuteTask!.IsCompletedSuccessfully || service.ExecuteTask.IsCanceled, service.ExecuteTask.Exception?.ToString());
    }

    /// <summary>Compacts the session as if it were beyond a limit.</summary>
    private static async Task<SessionRow> SpillAsync(FullHost host)
    {
        var now = TimeProvider.System.GetUtcNow();
        var claim = Assert.Single(await host.Services.GetRequiredService<ISessionLifecycle>()
            .ClaimForCompactionAsync(8, new(1, TimeSpan.FromDays(1)), now, now, default));
        await Compactor(host).CompactAsync(claim, default);
        return claim.Row;
    }

    private static SessionCompactor Compactor(FullHost host) => host.Services.GetRequiredService<SessionCompactor>();

    private Task<FullHost> StartAsync() =>
        FullHost.StartAsync(
            build: (builder, _) => builder.Services.AddSingleton<IBlobStore>(_blobs),
            configure: options => options.Resilience.Storage.MaxRetries = 0);

    private async Task RecordAsync(FullHost host, params uint[] numbers)
    {
        var before = await host.ChunksAsync(_session);
        foreach (var seq in numbers)
        {
            Assert.Equal(System.Net.HttpStatusCode.Accepted, await host.SendAsync(BatchSamples.Create(_session, _window, seq)));
        }

        await FullHost.WaitAsync(async () => await host.ChunksAsync(_session) == before + numbers.Length, "the chunks");
    }

    private async Task AssertPlayedAsync(FullHost host, uint count)
    {
        for (uint seq = 0; seq < count; seq++)
        {
            Assert.Equal(BatchSamples.Create(_session, _window, seq), await host.ChunkAsync(_session, _window, seq));
        }
    }

    /// <summary>Claims the ended session as if all claims before had run out.</summary>
    private static async Task<CompactionClaim> ClaimAsync(FullHost host)
    {
        var lifecycle = host.Services.GetRequiredService<ISessionLifecycle>();
        var later = TimeProvider.System.GetUtcNow().AddDays(1);
        await lifecycle.EndSessionsAsync(later, later, later, default);
        return Assert.Single(await lifecycle.ClaimForCompactionAsync(8, SessionCompactor.Limits, later, later, default));
    }
}
