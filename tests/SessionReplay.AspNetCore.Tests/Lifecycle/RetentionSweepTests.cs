using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SessionReplay.AspNetCore.Lifecycle;
using SessionReplay.AspNetCore.Tests.Playback;
using SessionReplay.AspNetCore.Tests.Worker;
using SessionReplay.Keys;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Tests.Lifecycle;

public sealed class RetentionSweepTests : IAsyncLifetime
{
    private readonly OutageBlobStore _blobs = new() { IsOut = false };
    private readonly List<string> _deleted = [];
    private FullHost _host = null!;
    private RetentionSweep _sweep = null!;

    public async Task InitializeAsync()
    {
        _host = await FullHost.StartAsync(build: (builder, _) => builder.Services.AddSingleton<IBlobStore>(_blobs), configure: options => options.Resilience.Storage.MaxRetries = 0);
        _sweep = ActivatorUtilities.CreateInstance<RetentionSweep>(_host.Services, new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(1000)));
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Run_StoreAway_DestroysAllKeysAndDeletesTheObjectsWhenItIsBack()
    {
        var sessions = await AddAsync("shop", (2 * RetentionSweep.BatchSize) + 20);
        sessions.AddRange(await AddAsync("other", 3));
        _blobs.IsOut = true;

        Assert.Equal(0, await _sweep.RunAsync(default));

        var ciphers = _host.Services.GetRequiredService<ISessionCipherProvider>();
        foreach (var session in sessions)
        {
            await Assert.ThrowsAsync<KeyDeletedException>(async () => await ciphers.GetAsync(session, default));
        }

        Assert.Equal(sessions.Count, _blobs.Keys.Count());
        Assert.InRange(_blobs.Refused, 1, 2 * RetentionSweep.MostFailures);
        _blobs.IsOut = false;
        var done = 0;
        await FullHost.WaitAsync(async () => (done += await _sweep.RunAsync(default)) == sessions.Count, "the circuit, and then all deletions");
        Assert.Empty(_blobs.Keys);
        Assert.Equal(0, await _sweep.RunAsync(default));
    }

    [Fact]
    public async Task Run_TenantWithABacklog_LeavesOthersTheirTurns()
    {
        await AddAsync("shop", (2 * RetentionSweep.BatchSize) + 20);
        await AddAsync("other", 1);
        _blobs.Deleting = _deleted.AddRange;

        Assert.Equal((2 * RetentionSweep.BatchSize) + 21, await _sweep.RunAsync(default));

        Assert.InRange(_deleted.FindIndex(key => key.StartsWith("other/", StringComparison.Ordinal)), 0, RetentionSweep.BatchSize);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(RetentionSweep.MostFailures + 2, 2)]
    public async Task Run_SessionsWhoseDeletionAlwaysFails_DoNotStopOthers(int failing, int sweeps)
    {
        var never = (await AddAsync("shop", failing)).Select(s => s.Session.ToString()).ToList();
        await AddAsync("shop", 5);
        _blobs.Deleting = keys =>
        {
            if (keys.Any(key => never.Any(id => key.Contains(id, StringComparison.Ordinal))))
            {
                throw new ArgumentException("The store will never take this one away.");
            }
        };

        var done = 0;
        for (var i = 0; i < sweeps; i++)
        {
            done += await _sweep.RunAsync(default);
        }

        Assert.Equal(5, done);
        Assert.Equal(failing, _blobs.Keys.Count());
    }

    private Task<List<SessionRef>> AddAsync(string tenant, int count) => StoredSessions.AddAsync(_host, _blobs, tenant, count);
}
