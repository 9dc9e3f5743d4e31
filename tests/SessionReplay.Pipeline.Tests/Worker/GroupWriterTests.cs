using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Catalog;
using SessionReplay.Queues;

namespace SessionReplay.Pipeline.Tests.Worker;

/// <summary>A catalog that has reached its bound takes nothing more until sessions have left it.</summary>
public sealed class GroupWriterTests
{
    private readonly WindowId _window = WindowId.Create(TimeProvider.System);

    [Fact]
    public async Task Store_NoObjectIsWritten_UntilTheSessionHasEnded()
    {
        await using var host = await FullHost.StartAsync();
        var session = BatchSamples.NewSession();
        var batch = BatchSamples.Create(session, _window, 0);
        await host.RecordAsync(session, batch);

        Assert.Empty(host.Blobs());
        Assert.Equal(batch, await host.ChunkAsync(session, _window, 0));
        await host.SweepAsync();
        Assert.Single(host.Blobs());
        Assert.Equal(batch, await host.ChunkAsync(session, _window, 0));
    }

    [Fact]
    public async Task Store_CatalogFull_AnswersWith503AndStoresWhatWasAcceptedWhenThereIsRoom()
    {
        var catalog = new FullCatalog();
        await using var host = await FullHost.StartAsync(build: (builder, replay) =>
        {
            SmallQueue.Add(builder, replay);
            FullCatalog.Add(builder.Services, catalog);
        });
        var queue = (SmallQueue)host.Services.GetRequiredService<IMessageQueue>();
        var (before, after) = (BatchSamples.NewSession(), BatchSamples.NewSession());
        // Accepted while there was room, and still in the queue when there is none.
        queue.IsHeld = true;
        Assert.Equal(HttpStatusCode.Accepted, await host.SendAsync(BatchSamples.Create(before, _window, 0)));
        catalog.IsFull = true;
        await FullHost.WaitAsync(
            async () => await host.SendAsync(BatchSamples.Create(after, _window, 0)) == HttpStatusCode.ServiceUnavailable, "a refusal");
        queue.IsHeld = false;
        await Task.Delay(TimeSpan.FromSeconds(1));
        Assert.Equal(0, await host.ChunksAsync(before));
        Assert.False(catalog.WasWritten);

        catalog.IsFull = false;
        await FullHost.WaitAsync(async () => await host.ChunksAsync(before) == 1, "the chunk that was accepted");
        await FullHost.WaitAsync(
            async () => await host.SendAsync(BatchSamples.Create(after, _window, 0)) == HttpStatusCode.Accepted,
            "the chunk that was refused");
        Assert.Equal(0, (await host.GetAsync("api/dead-letters")).GetProperty("deadLetters").GetArrayLength());
    }

    /// <summary>The embedded catalog, which says that it is full when it is told to.</summary>
    private sealed class FullCatalog : ICatalogWriter
    {
        private ICatalogWriter? _inner;

        public bool IsFull { get; set; }

        public bool WasWritten { get; private set; }

        public static void Add(IServiceCollection services, FullCatalog catalog)
        {
            var descriptor = services.Last(static service => service.ServiceType == typeof(ICatalogWriter));
            services.Remove(descriptor);
            services.AddSingleton<ICatalogWriter>(provider =>
            {
                catalog._inner = (ICatalogWriter)descriptor.ImplementationFactory!(provider);
                return catalog;
            });
        }

        public ValueTask<IReadOnlyList<RecordOutcome>> RecordAsync(IReadOnlyList<ChunkRecord> chunks, CancellationToken cancellationToken)
        {
            WasWritten = true;
            return _inner!.RecordAsync(chunks, cancellationToken);
        }

        public async ValueTask<CatalogSpace> ReadSpaceAsync(CancellationToken cancellationToken) =>
            await _inner!.ReadSpaceAsync(cancellationToken) with { MaxBytes = IsFull ? 0 : long.MaxValue };
    }
}
