using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Tests.Worker;

/// <summary>The objects of one group are written side by side.</summary>
public sealed class GroupWriterTests
{
    private const int Sessions = 9;
    private readonly SessionId[] _sessions = [.. Enumerable.Range(0, Sessions).Select(_ => BatchSamples.NewSession())];
    private readonly WindowId _window = WindowId.Create(TimeProvider.System);
    private readonly OutageBlobStore _blobs = new() { IsOut = false };
    private readonly ConcurrentDictionary<string, byte> _writing = new();

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Store_ManySessions_AsManyWritesAtOnceAsSetAndRowsOnlyWhenAllAreDone(int parallel)
    {
        using var passes = new SemaphoreSlim(0);
        _blobs.Writing = async (key, token) =>
        {
            _writing[key] = 0;
            await passes.WaitAsync(token);
        };
        await using var host = await StartAsync(parallel);
        await SendAsync(host);

        for (var done = 0; done < Sessions; done++)
        {
            var expected = Math.Min(done + parallel, Sessions);
            await FullHost.WaitAsync(() => Task.FromResult(_writing.Count >= expected), $"{expected} writes");
            Assert.Equal(expected, _writing.Count);
            foreach (var session in _sessions)
            {
                Assert.Equal(0, await host.ChunksAsync(session));
            }

            passes.Release();
        }

        await WaitForAllAsync(host);
    }

    [Fact]
    public async Task Store_OneWriteFails_TheGroupGoesBackAndIsStoredLater()
    {
        var failures = 3;
        _blobs.Writing = (_, _) => Interlocked.Decrement(ref failures) >= 0
            ? throw new BlobStoreUnavailableException("away")
            : Task.CompletedTask;
        await using var host = await StartAsync(4);
        await SendAsync(host);

        await WaitForAllAsync(host);
        Assert.Equal(0, (await host.GetAsync("api/dead-letters")).GetProperty("deadLetters").GetArrayLength());
    }

    /// <summary>One group takes them all.</summary>
    private Task<FullHost> StartAsync(int parallel) => FullHost.StartAsync(
        build: (builder, _) => builder.Services.AddSingleton<IBlobStore>(_blobs),
        configure: options =>
        {
            options.Worker.Concurrency = 1;
            options.Worker.BatchSize = Sessions;
            options.Worker.LingerTime = TimeSpan.FromMinutes(1);
            options.Worker.ParallelWrites = parallel;
            options.Resilience.Storage.MaxRetries = 0;
        });

    private async Task SendAsync(FullHost host)
    {
        foreach (var session in _sessions)
        {
            Assert.Equal(HttpStatusCode.Accepted, await host.SendAsync(BatchSamples.Create(session, _window, 0)));
        }
    }

    private async Task WaitForAllAsync(FullHost host)
    {
        foreach (var session in _sessions)
        {
            await FullHost.WaitAsync(async () => await host.ChunksAsync(session) == 1, "the chunk");
            Assert.Equal(BatchSamples.Create(session, _window, 0), await host.ChunkAsync(session, _window, 0));
        }
    }
}
