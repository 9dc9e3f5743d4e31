using System.Net;
using System.Text.Json;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;
using SessionReplay.Queues;

namespace SessionReplay.AspNetCore.Tests.Ingest;

/// <summary>Uploads of several batches: each is taken and answered by itself.</summary>
public sealed class SeveralBatchesTests
{
    private readonly SessionId _session = BatchSamples.NewSession();
    private readonly WindowId _window = WindowId.Create(TimeProvider.System);

    [Fact]
    public async Task Post_SixteenOfTwoWindows_AreAllSealedAndAcknowledged()
    {
        await using var host = await IngestHost.StartAsync();
        var other = WindowId.Create(TimeProvider.System);
        var batches = Enumerable.Range(0, 16).Select(i => Batch((uint)i / 2, i % 2 == 0 ? _window : other)).ToList();

        using var response = await host.SendAllAsync(batches);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var receipt = await ReadAsync(response);
        Assert.Equal(
            $$"""[{"window":"{{_window}}","acknowledged":[[0,7]]},{"window":"{{other}}","acknowledged":[[0,7]]}]""",
            receipt.GetProperty("windows").GetRawText());
        Assert.False(receipt.TryGetProperty("batches", out _));
        var chunks = await host.TakeAsync(16);
        Assert.Equal(batches, chunks.Select(chunk => chunk.Payload));
    }

    [Fact]
    public async Task Post_OneIsBad_TheOthersAreAcceptedAndEachIsAnswered()
    {
        await using var host = await IngestHost.StartAsync();
        var damaged = BatchSamples.Gzip(Batch(1));
        damaged[^1] ^= 1;

        using var response = await host.SendAllAsync([Batch(0), damaged, Batch(2), Batch(2, domEvents: 3), "x"u8.ToArray(), Batch(3)]);

        Assert.Equal(HttpStatusCode.MultiStatus, response.StatusCode);
        var receipt = await ReadAsync(response);
        Assert.Equal("[[0,0],[2,3]]", receipt.GetProperty("windows")[0].GetProperty("acknowledged").GetRawText());
        Assert.Equal(
            """[{"status":202},{"status":400,"code":"batch-invalid","rule":"B9"},{"status":202},{"status":409,"code":"batch-conflict"},{"status":400,"code":"batch-invalid","rule":"B1"},{"status":202}]""",
            receipt.GetProperty("batches").GetRawText());
        Assert.Equal([0u, 2u, 3u], (await host.TakeAsync(3)).Select(chunk => chunk.Header.Id.Seq));
    }

    [Fact]
    public async Task Post_AllAreBadAlike_IsAnsweredAsOne()
    {
        await using var host = await IngestHost.StartAsync();
        using var response = await host.SendAllAsync(["x"u8.ToArray(), "y"u8.ToArray()]);
        await IngestHost.ProblemAsync(response, HttpStatusCode.BadRequest, "batch-invalid");
    }

    [Fact]
    public async Task Post_OfASessionWithAnotherSecret_OnlyThatIsRefused()
    {
        await using var host = await IngestHost.StartAsync();
        using var first = await host.SendAsync(Batch(0), secret: new byte[16]);
        var foreign = Batch(1);
        var own = BatchSamples.Create(BatchSamples.NewSession(), _window).ToByteArray();

        using var response = await host.SendAllAsync([foreign, own]);

        var receipt = await ReadAsync(response);
        Assert.Equal(
            """[{"status":403,"code":"session-secret"},{"status":202}]""", receipt.GetProperty("batches").GetRawText());
    }

    [Fact]
    public async Task Post_QueueFailsAtTheSecond_TheRestIsNotTriedAndHasItsOutcome()
    {
        var published = 0;
        var queue = Substitute.For<IMessageQueue>();
        queue.MaxMessageBytes.Returns(1 << 20);
        queue.PublishAsync(Arg.Any<QueueMessage>(), Arg.Any<CancellationToken>()).Returns(
            _ => published++ == 0 ? ValueTask.CompletedTask : throw new QueueUnavailableException("down"));
        await using var host = await IngestHost.StartAsync(build: builder => builder.Services.AddSingleton(queue));

        using var response = await host.SendAllAsync([Batch(0), Batch(1), Batch(2), Batch(3)]);

        Assert.Equal(HttpStatusCode.MultiStatus, response.StatusCode);
        var batches = (await ReadAsync(response)).GetProperty("batches").EnumerateArray().ToList();
        Assert.Equal([202, 503, 503, 503], batches.Select(batch => batch.GetProperty("status").GetInt32()));
        Assert.All(batches.Skip(1), batch => Assert.Equal("queue-unavailable", batch.GetProperty("code").GetString()));
        Assert.All(batches.Skip(1), batch => Assert.Equal(5, batch.GetProperty("retryAfter").GetInt32()));
        var tries = published;
        using var again = await host.SendAllAsync([Batch(0)]);
        Assert.InRange(tries, 2, published);
    }

    [Fact]
    public async Task Post_EachBatch_CountsInTheRateLimit()
    {
        await using var host = await IngestHost.StartAsync(options => options.Ingest.RequestsPerSecondPerAddress = 1);

        // Four at once: the burst of one a second.
        using var response = await host.SendAllAsync(Enumerable.Range(0, 16).Select(seq => Batch((uint)seq)));

        var statuses = (await ReadAsync(response)).GetProperty("batches").EnumerateArray()
            .Select(batch => batch.GetProperty("status").GetInt32()).ToList();
        Assert.InRange(statuses.Count(status => status == 202), 4, 8);
        Assert.Equal(429, statuses[^1]);
        Assert.Equal(statuses.OrderBy(status => status), statuses);
    }

    [Fact]
    public async Task Post_EachBatch_IsChargedToTheSessionsQuota()
    {
        await using var host = await IngestHost.StartAsync(
            options => (options.Ingest.MaxSessionBytes, options.Ingest.RequestsPerSecondPerAddress) = (1 << 20, 100_000));
        var accepted = 0;
        for (var seq = 0u; seq < 160; seq += 16)
        {
            using var response = await host.SendAllAsync(Enumerable.Range(0, 16).Select(i => Batch(seq + (uint)i)));
            accepted += response.StatusCode switch
            {
                HttpStatusCode.Accepted => 16,
                HttpStatusCode.MultiStatus => (await ReadAsync(response)).GetProperty("batches").EnumerateArray()
                    .Count(batch => batch.GetProperty("status").GetInt32() == 202),
                _ => 0,
            };
        }

        // Each counts 8 KiB, and the process gives a hundredth by itself.
        Assert.Equal(129, accepted);
    }

    [Theory]
    [InlineData(17, HttpStatusCode.BadRequest, "batch-invalid")]
    [InlineData(2, HttpStatusCode.RequestEntityTooLarge, "batch-too-large")]
    public async Task Post_TooManyOrTooLargeTogether_IsRefusedWhole(int count, HttpStatusCode status, string code)
    {
        await using var host = await IngestHost.StartAsync(options => options.Ingest.MaxBatchBytes = 65_536);
        using var response = await host.SendAllAsync(Enumerable.Range(0, count).Select(_ => new byte[count == 2 ? 40_000 : 10]));
        await IngestHost.ProblemAsync(response, status, code);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

    private byte[] Batch(uint seq, WindowId? window = null, int domEvents = 1) =>
        BatchSamples.Create(_session, window ?? _window, seq, domEvents: domEvents).ToByteArray();
}
