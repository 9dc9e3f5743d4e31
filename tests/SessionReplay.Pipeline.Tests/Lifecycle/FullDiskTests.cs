using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Queues;
using SessionReplay.Storage.Blobs;

namespace SessionReplay.Pipeline.Tests.Lifecycle;

/// <summary>No disk has as much free as the floors ask for: queue and blob folder take it for full.</summary>
public sealed class FullDiskTests
{
    private const long MoreThanThereIs = 1L << 40;

    [Fact]
    public async Task Disk_BelowItsFloors_IngestIsRefusedAndSessionsAreDeleted()
    {
        using var folder = new TempFolder();
        var session = BatchSamples.NewSession();
        await using (var before = await FullHost.StartAsync(configure: options => options.DataDirectory = folder.FullPath))
        {
            await before.RecordAsync(session, BatchSamples.Create(session, WindowId.Create(TimeProvider.System)));
            await before.SweepAsync();
            Assert.Single(Recordings(folder));
        }

        await using var host = await FullHost.StartAsync(
            configure: options => options.DataDirectory = folder.FullPath,
            build: (_, replay) =>
            {
                replay.Services.Configure<SqliteQueueOptions>(options => options.MinFreeBytes = MoreThanThereIs);
                replay.Services.Configure<LocalBlobStoreOptions>(options => options.MinFreeBytes = MoreThanThereIs - 1);
            });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await host.SendAsync(BatchSamples.Create()));
        Assert.Equal(
            HttpStatusCode.NoContent,
            await host.StatusAsync($"api/tenants/shop/sessions/{session}", HttpMethod.Delete, ("X-Session-Replay", "1")));
        Assert.Empty(Recordings(folder));
        Assert.Equal(HttpStatusCode.Gone, await host.StatusAsync($"api/tenants/shop/sessions/{session}"));
    }

    private static string[] Recordings(TempFolder folder) => Directory.GetFiles(folder.File("blobs"), "*.bin", SearchOption.AllDirectories);
}
