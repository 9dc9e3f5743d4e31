using System.Net;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.AspNetCore.Ingest;
using SessionReplay.Audit;
using SessionReplay.Keys;

namespace SessionReplay.AspNetCore.Tests.Ingest;

/// <summary>
/// The write key is public and ids stand in addresses: only the secret of a session lets anybody add to it, or have it forgotten.
/// </summary>
public sealed class SessionSecretTests
{
    private static readonly byte[] OtherSecret = [.. Enumerable.Repeat((byte)7, SessionSecret.Size)];

    private readonly SessionId _session = BatchSamples.NewSession();
    private readonly WindowId _window = WindowId.Create(TimeProvider.System);

    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(2u)]
    public async Task Post_AnotherSecret_IsRefusedAndChangesNothing(uint seq)
    {
        await using var host =
            await IngestHost.StartAsync(
                options => (options.Ingest.MaxSessionBytes, options.Ingest.RequestsPerSecondPerAddress) = (1 << 20, 100_000));
        using var first = await host.SendAsync(BatchSamples.Create(_session, _window, 1).ToByteArray());
        for (var i = 0; i < 140; i++)
        {
            using var forged =
                await host.SendAsync(BatchSamples.Create(_session, _window, seq, domEvents: 5).ToByteArray(), secret: OtherSecret);
            await IngestHost.ProblemAsync(forged, HttpStatusCode.Forbidden, "session-secret");
        }

        // Neither was its number taken, nor the session's quota used up.
        using var genuine = await host.SendAsync(BatchSamples.Create(_session, _window, 2).ToByteArray());

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (first.StatusCode, genuine.StatusCode));
        Assert.Equal([1u, 2u], (await host.TakeAsync(2)).Select(chunk => chunk.Header.Id.Seq));
    }

    [Theory]
    [InlineData("")]
    [InlineData("SRU1")]
    [InlineData("SRU10123456789abcdef")]
    [InlineData("SRU20123456789abcdefx")]
    public async Task Post_WithoutASecret_IsRefused(string body)
    {
        await using var host = await IngestHost.StartAsync();
        using var refused =
            await host.PostAsync($"v1/batches?key={IngestHost.Key}", IngestHost.Body(System.Text.Encoding.ASCII.GetBytes(body)));
        Assert.Equal(
            "U1", (await IngestHost.ProblemAsync(refused, HttpStatusCode.BadRequest, "batch-invalid")).GetProperty("rule").GetString());
        using var bare = await host.PostAsync($"v1/batches?key={IngestHost.Key}", IngestHost.Body(BatchSamples.Create().ToByteArray()));
        await IngestHost.ProblemAsync(bare, HttpStatusCode.BadRequest, "batch-invalid");
    }

    [Fact]
    public async Task Post_AnotherBatchOfTheSameNumber_IsAConflict()
    {
        await using var host = await IngestHost.StartAsync();
        var batch = BatchSamples.Create(_session, _window, 4);
        using var first = await host.SendAsync(batch.ToByteArray());
        using var again = await host.SendAsync(BatchSamples.Gzip(batch.ToByteArray()));
        using var other = await host.SendAsync(BatchSamples.Create(_session, _window, 4, domEvents: 2).ToByteArray());

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (first.StatusCode, again.StatusCode));
        await IngestHost.ProblemAsync(other, HttpStatusCode.Conflict, "batch-conflict");
        // However it is compressed, it is the same batch: the queue keeps it once.
        Assert.Equal(3u, Assert.Single(await host.TakeAsync(1)).Header.EventCount);
    }

    [Fact]
    public async Task Post_TwoEncodingsOfOneCut_AreOneBatch()
    {
        await using var host = await IngestHost.StartAsync();
        var byWorker = BatchSamples.Create(_session, _window, 0);
        var byPage = BatchSamples.Create(_session, _window, 0, domEvents: 2);
        var another = BatchSamples.Create(_session, _window, 0);
        (byWorker.CutId, byPage.CutId, another.CutId) = (5, 5, 6);
        using var first = await host.SendAsync(byWorker.ToByteArray());
        using var second = await host.SendAsync(byPage.ToByteArray());
        using var third = await host.SendAsync(another.ToByteArray());

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (first.StatusCode, second.StatusCode));
        await IngestHost.ProblemAsync(third, HttpStatusCode.Conflict, "batch-conflict");
    }

    [Fact]
    public async Task Worker_ConflictThatIngestDidNotKnow_IsADeadLetterAndTheFirstStays()
    {
        // No request knows what the one before has taken, as when each reaches another process.
        await using var host =
            await FullHost.StartAsync(build: (builder, _) => builder.Services
                .AddTransient<WindowReceipts>().AddTransient<BatchWriter>().AddTransient<BatchIntake>().AddTransient<BatchesAnswer>()
                .AddTransient<BatchesEndpoint>());
        var batch = BatchSamples.Create(_session, _window, 0);
        await host.RecordAsync(_session, batch);
        Assert.Equal(HttpStatusCode.Accepted, await host.SendAsync(BatchSamples.Create(_session, _window, 0, domEvents: 2)));

        await FullHost.WaitAsync(
            async () => (await host.GetAsync("api/dead-letters")).GetProperty("deadLetters").GetArrayLength() == 1, "the dead letter");
        Assert.Equal(batch, await host.ChunkAsync(_session, _window, 0));
        var letter = (await host.GetAsync("api/dead-letters")).GetProperty("deadLetters")[0];
        Assert.Equal(
            (0, "Another batch with this number was recorded before."),
            (letter.GetProperty("bytes").GetInt64(), letter.GetProperty("reason").GetString()));

        // Deleting the session takes its dead letters along.
        Assert.Equal(HttpStatusCode.Accepted, await host.ForgetAsync(_session));
        Assert.Equal(0, (await host.GetAsync("api/dead-letters")).GetProperty("deadLetters").GetArrayLength());
    }

    [Fact]
    public async Task Forget_AnotherSecret_IsRefusedAndAudited()
    {
        await using var host = await FullHost.StartAsync();
        await host.RecordAsync(_session, BatchSamples.Create(_session, _window));

        Assert.Equal(HttpStatusCode.Forbidden, await host.ForgetAsync(_session, OtherSecret));
        Assert.Equal(1, await host.ChunksAsync(_session));
        Assert.Equal(HttpStatusCode.Accepted, await host.ForgetAsync(_session));
        Assert.Equal(HttpStatusCode.Accepted, await host.ForgetAsync(_session));

        Assert.Equal(0, await host.ChunksAsync(_session));
        var rows = (await host.Services.GetRequiredService<IAuditLog>().ListAsync(null, null, 100, default)).Select(row => row.Entry)
            .Where(row => row.Action == "session.forget").ToList();
        Assert.Equal([(true, "visitor"), (false, "visitor")], rows.Select(row => (row.Allowed, row.Actor)));
        Assert.All(rows, row => Assert.Equal((new TenantId("shop"), _session), (row.Tenant!.Value, row.Session!.Value)));
    }

    [Fact]
    public async Task Forget_IdThatNeverWas_LeavesNoTombstone()
    {
        await using var host = await FullHost.StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, await host.ForgetAsync(_session));
        Assert.Equal(HttpStatusCode.NotFound, await host.ForgetAsync(_session, OtherSecret));

        // Neither store keeps it from beginning.
        Assert.Null(
            await host.Services.GetRequiredService<IKeyStore>().FindAsync(DataKeyId.OfSession(new(new("shop"), _session)), default));
        await host.RecordAsync(_session, BatchSamples.Create(_session, _window));
        // Nor does another tenant's key, which knows the id and the secret, forget it.
        Assert.Equal(HttpStatusCode.NotFound, await host.ForgetAsync(_session, key: FullHost.OtherKey));
        Assert.Equal(1, await host.ChunksAsync(_session));
    }
}
