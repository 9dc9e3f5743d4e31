using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Pipeline.Lifecycle;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Tests.Lifecycle;

public sealed class ReplacedObjectsTests
{
    private readonly OutageBlobStore _blobs = new() { IsOut = false };

    [Theory]
    [InlineData(1, 1)]
    [InlineData(ReplacedObjects.MaxFailures + 2, 2)]
    public async Task Sweep_ObjectsWhoseDeletionAlwaysFails_DoNotStopOthers(int failing, int sweeps)
    {
        await using var host = await FullHost.StartAsync(build: (builder, _) => builder.Services.AddSingleton<IBlobStore>(_blobs));
        var never = (await StoredSessions.AddAsync(host, _blobs, "shop", failing)).Select(s => s.Session.ToString()).ToList();
        await StoredSessions.AddAsync(host, _blobs, "shop", 5);
        _blobs.Deleting = static _ => throw new ArgumentException("None is taken away yet.");
        await host.SweepAsync();
        Assert.Equal(2 * (failing + 5), _blobs.Keys.Count());
        _blobs.Deleting = keys =>
        {
            if (keys.Any(key => never.Any(id => key.Contains(id, StringComparison.Ordinal))))
            {
                throw new ArgumentException("The store will never take this one away.");
            }
        };

        for (var i = 0; i < sweeps; i++)
        {
            await host.SweepAsync();
        }

        Assert.Equal((2 * failing) + 5, _blobs.Keys.Count());
    }
}
