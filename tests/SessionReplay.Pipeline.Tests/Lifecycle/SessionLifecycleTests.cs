using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Format;
using SessionReplay.Keys;

namespace SessionReplay.Pipeline.Tests.Lifecycle;

public sealed class SessionLifecycleTests
{
    private readonly SessionId _session = BatchSamples.NewSession();
    private readonly WindowId _first;
    private readonly WindowId _second;

    public SessionLifecycleTests()
    {
        // Two windows made in one millisecond are in no order of their own.
        var windows = Enumerable.Range(0, 2).Select(_ => WindowId.Create(TimeProvider.System))
            .OrderBy(w => w.ToString(), StringComparer.Ordinal).ToList();
        (_first, _second) = (windows[0], windows[1]);
    }

    [Fact]
    public async Task Sweep_EndedSession_BecomesOneRecordingObjectWithIndex()
    {
        await using var host = await FullHost.StartAsync();
        // Out of order, and one of them twice.
        await host.RecordAsync(
            _session, BatchSamples.Create(_session, _second, 1), BatchSamples.Create(_session, _first, 2),
            BatchSamples.Create(_session, _first, 0),
            BatchSamples.Create(_session, _first, 2), BatchSamples.Create(_session, _second, 0), BatchSamples.Create(_session, _first, 1));
        await host.SweepAsync();

        var blob = Assert.Single(host.Blobs());
        Assert.Matches(@"^shop/\d{4}/\d\d/\d\d/session_[0-9a-f]{32}_encrypted\.bin$", blob.Replace('\\', '/'));
        var bytes = await File.ReadAllBytesAsync(Path.Combine(host.DataFolder, "blobs", blob));
        RecordingIndex.CheckHeader(bytes);
        var (offset, _) = RecordingIndex.ReadFooter(bytes.AsSpan(^RecordingIndex.FooterSize..), bytes.Length);
        var entries = RecordingIndex.ReadTail(bytes.AsSpan((int)offset), bytes.Length);
        Assert.Equal([(_first, 0u), (_first, 1u), (_first, 2u), (_second, 0u), (_second, 1u)], entries.Select(e => (e.Window, e.Seq)));
        using var cipher = await host.Services.GetRequiredService<ISessionCipherProvider>().GetAsync(new(new("shop"), _session), default);
        foreach (var entry in entries)
        {
            var chunk = bytes.AsSpan((int)entry.Offset, (int)entry.Length);
            var header = cipher.Open(
                new(new("shop"), _session, entry.Window, entry.Seq), chunk,
                new byte[chunk.Length - ChunkHeader.Size - ChunkHeader.TagSize]);
            Assert.Equal((entry.EventCount, entry.FirstTime, entry.Flags), (header.EventCount, header.FirstTime, header.Flags));
        }

        Assert.Equal(BatchSamples.Create(_session, _second, 1), await host.ChunkAsync(_session, _second, 1));
        Assert.False(
            (await host.GetAsync($"api/tenants/shop/sessions/{_session}/manifest")).GetProperty("session").GetProperty("live")
                .GetBoolean());
    }

    [Fact]
    public async Task Sweep_ChunkAfterCompaction_StaysInTheCatalogAndIsPlayed()
    {
        await using var host = await FullHost.StartAsync();
        await host.RecordAsync(_session, BatchSamples.Create(_session, _first, 0));
        await host.SweepAsync();
        Assert.Equal(HttpStatusCode.Accepted, await host.SendAsync(BatchSamples.Create(_session, _first, 1)));
        await FullHost.WaitAsync(async () => await host.ChunksAsync(_session) == 2, "the late chunk");
        await host.SweepAsync();

        Assert.Single(host.Blobs());
        Assert.Equal(BatchSamples.Create(_session, _first, 0), await host.ChunkAsync(_session, _first, 0));
        Assert.Equal(BatchSamples.Create(_session, _first, 1), await host.ChunkAsync(_session, _first, 1));
    }

    [Fact]
    public async Task Delete_CompactedSession_LeavesNoObject()
    {
        await using var host = await FullHost.StartAsync();
        await host.RecordAsync(_session, BatchSamples.Create(_session, _first, 0));
        await host.SweepAsync();

        Assert.Equal(
            HttpStatusCode.NoContent,
            await host.StatusAsync($"api/tenants/shop/sessions/{_session}", HttpMethod.Delete, ("X-Session-Replay", "1")));

        Assert.Empty(host.Blobs());
        await Assert.ThrowsAsync<KeyDeletedException>(async () =>
            await host.Services.GetRequiredService<ISessionCipherProvider>().GetAsync(new(new("shop"), _session), default));
    }

    [Fact]
    public async Task Sweep_PastRetention_DeletesKeyObjectsAndRows()
    {
        await using var host = await FullHost.StartAsync();
        await host.RecordAsync(_session, BatchSamples.Create(_session, _first, 0));
        var young = BatchSamples.NewSession();
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(31));
        var services = host.Services;
        var sweep = ActivatorUtilities.CreateInstance<SessionReplay.Pipeline.Lifecycle.RetentionSweep>(services, clock);

        Assert.Equal(1, await sweep.RunAsync(default));

        Assert.Empty(host.Blobs());
        Assert.Equal(HttpStatusCode.Gone, await host.StatusAsync($"api/tenants/shop/sessions/{_session}/manifest"));
        Assert.Equal(HttpStatusCode.NotFound, await host.StatusAsync($"api/tenants/shop/sessions/{young}/manifest"));
        Assert.Equal(0, await sweep.RunAsync(default));
    }
}
