using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Queues;
using SessionReplay.Storage;

namespace SessionReplay.Pipeline.Tests.Worker;

public sealed class StorageWorkerTests
{
    private readonly SessionId _session = BatchSamples.NewSession();
    private readonly WindowId _window = WindowId.Create(TimeProvider.System);

    [Fact]
    public async Task Duplicates_OfABatch_AreStoredOnceAndLeaveNoObject()
    {
        await using var host = await FullHost.StartAsync();
        var batch = BatchSamples.Create(_session, _window, 0);
        await host.RecordAsync(_session, batch);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.Accepted, await host.SendAsync(batch));
        }

        await FullHost.WaitAsync(async () => await IsEmptyAsync(host), "an empty queue");
        Assert.Equal(1, await host.ChunksAsync(_session));
        Assert.Empty(host.Blobs());
        await host.SweepAsync();
        Assert.Single(host.Blobs());
        var session = (await host.GetAsync($"api/tenants/shop/sessions/{_session}")).GetProperty("session");
        Assert.Equal(3, session.GetProperty("events").GetInt32());
        Assert.Equal(3, session.GetProperty("clicks").GetInt32());
    }

    [Fact]
    public async Task MalformedMessage_BecomesADeadLetterWithItsRule_AndTheOthersAreStored()
    {
        await using var host = await FullHost.StartAsync();
        await host.Services.GetRequiredService<IMessageQueue>().PublishAsync(new("bad", "x", new byte[500]), default);
        await host.RecordAsync(_session, BatchSamples.Create(_session, _window, 0));

        await FullHost.WaitAsync(
            async () => (await host.GetAsync("api/dead-letters")).GetProperty("deadLetters").GetArrayLength() == 1, "the dead letter");
        var letter = (await host.GetAsync("api/dead-letters")).GetProperty("deadLetters")[0];
        Assert.Equal("bad", letter.GetProperty("messageId").GetString());
        Assert.Contains("Q1", letter.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, await host.StatusAsync("api/dead-letters/redrive", HttpMethod.Post));
        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync("api/dead-letters/redrive", HttpMethod.Post, ("X-Session-Replay", "1")));
    }

    /// <summary>The refusal is the database's own: a trigger stands in for any rule of it that a message breaks.</summary>
    [Fact]
    public async Task RefusedByTheCatalog_SomeOfAGroup_BecomeDeadLettersAloneAndTheOthersAreStored()
    {
        await using var host = await FullHost.StartAsync(configure: o => o.Worker.Concurrency = 1);
        await host.RecordAsync(_session, BatchSamples.Create(_session, _window, 0));
        var catalog = new SqliteConnectionStringBuilder { DataSource = Path.Combine(host.DataFolder, "catalog.db"), Pooling = false };
        await using (var connection = new SqliteConnection(catalog.ToString()))
        {
            await connection.OpenAsync();
            await using var poison = connection.CreateCommand();
            poison.CommandText =
                "CREATE TRIGGER poison BEFORE INSERT ON chunks WHEN NEW.seq IN (1, 7, 8) BEGIN SELECT RAISE(ABORT, 'secret-1'); END";
            await poison.ExecuteNonQueryAsync();
        }

        for (uint seq = 1; seq < 20; seq++)
        {
            Assert.Equal(HttpStatusCode.Accepted, await host.SendAsync(BatchSamples.Create(_session, _window, seq)));
        }

        await FullHost.WaitAsync(async () => await IsEmptyAsync(host), "an empty queue");
        Assert.Equal(17, await host.ChunksAsync(_session));
        var letters = (await host.GetAsync("api/dead-letters")).GetProperty("deadLetters").EnumerateArray().ToList();
        Assert.Equal(3, letters.Count);
        Assert.All(
            letters,
            letter =>
                Assert.Contains("refuses a value (result code 1811)", letter.GetProperty("reason").GetString(), StringComparison.Ordinal));
        Assert.DoesNotContain(letters, letter => letter.GetProperty("reason").GetString()!.Contains("secret-1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task HostileTexts_InEveryFieldOfABatch_AreAllStored()
    {
        await using var host = await FullHost.StartAsync(configure: o => o.Ingest.RequestsPerSecondPerAddress = 100_000);
        var texts = HostileTexts.Around(2_048).ToList();
        for (var i = 0; i < texts.Count; i++)
        {
            var batch = BatchSamples.CreateFull();
            (batch.SessionId, batch.WindowId, batch.Seq) = (BatchSamples.Bytes(_session), BatchSamples.Bytes(_window), (uint)i);
            HostileBatch.Fill(batch, texts[i].Text);
            Assert.True(await host.SendAsync(batch) == HttpStatusCode.Accepted, texts[i].Name);
        }

        await FullHost.WaitAsync(async () => await IsEmptyAsync(host), "an empty queue");
        Assert.Equal(0, (await host.GetAsync("api/dead-letters")).GetProperty("deadLetters").GetArrayLength());
        Assert.Equal(texts.Count, await host.ChunksAsync(_session));
        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync("api/sessions"));
    }

    [Fact]
    public async Task BlobStoreUnavailable_ChunksAreRecordedAndPlayed_AndCompactedWhenItIsBack()
    {
        var outage = new OutageBlobStore();
        await using var host = await FullHost.StartAsync(build: (builder, _) =>
        {
            builder.Services.AddSingleton<IBlobStore>(outage);
        });
        for (uint seq = 0; seq < 20; seq++)
        {
            Assert.Equal(HttpStatusCode.Accepted, await host.SendAsync(BatchSamples.Create(_session, _window, seq)));
        }

        await FullHost.WaitAsync(async () => await host.ChunksAsync(_session) == 20, "all chunks");
        Assert.Equal(BatchSamples.Create(_session, _window, 7), await host.ChunkAsync(_session, _window, 7));
        await Assert.ThrowsAsync<BlobStoreUnavailableException>(host.SweepAsync);
        outage.IsOut = false;
        await host.SweepAsync();

        Assert.Single(outage.Keys);
        Assert.Equal(BatchSamples.Create(_session, _window, 19), await host.ChunkAsync(_session, _window, 19));
        Assert.Equal(0, (await host.GetAsync("api/dead-letters")).GetProperty("deadLetters").GetArrayLength());
    }

    [Fact]
    public async Task LargeBatch_ThroughAClaimCheck_IsPlayedAndSurvivesRedelivery()
    {
        await using var host = await FullHost.StartAsync(configure: o => o.Ingest.MaxBatchBytes = 40 * 1024 * 1024);
        var batch = BatchSamples.Create(_session, _window, 0);
        var noise = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(14 * 1024 * 1024)).Replace('/', '-');
        batch.AddDom(
            (BatchSamples.Time + 5,
            """{"type":2,"data":{"node":{"type":0,"childNodes":[{"type":3,"textContent":"NOISE","id":2}],"id":1}}}""".Replace(
                "NOISE", noise, StringComparison.Ordinal)));
        await host.RecordAsync(_session, batch);
        Assert.Equal(HttpStatusCode.Accepted, await host.SendAsync(batch));
        await FullHost.WaitAsync(async () => await IsEmptyAsync(host), "an empty queue");

        Assert.Equal(batch.CountEvents(), (await host.ChunkAsync(_session, _window, 0)).CountEvents());
        await host.SweepAsync();
        Assert.Single(host.Blobs());
        Assert.Equal(batch.CountEvents(), (await host.ChunkAsync(_session, _window, 0)).CountEvents());
    }

    private static async Task<bool> IsEmptyAsync(FullHost host)
    {
        var status = await host.Services.GetRequiredService<IQueueMonitor>().GetStatusAsync(default);
        return status is { Ready: 0, InFlight: 0 };
    }
}
