using System.Net;
using System.Text.Json;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Queues;
using SessionReplay.Wire;

namespace SessionReplay.AspNetCore.Tests.Ingest;

public sealed class BatchesEndpointTests
{
    [Fact]
    public async Task Post_ValidGzip_IsAcknowledgedAndSealedAsItCame()
    {
        await using var host = await IngestHost.StartAsync();
        var batch = BatchSamples.CreateFull();
        var sent = BatchSamples.Gzip(batch.ToByteArray());

        using var response = await host.SendAsync(sent, extra: $"&sent={BatchSamples.Time}");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var receipt = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        var window = new WindowId(new Guid(batch.WindowId.Span, bigEndian: true));
        Assert.Equal($$"""[{"window":"{{window}}","acknowledged":[[0,0]]}]""", receipt.GetProperty("windows").GetRawText());
        Assert.False(receipt.TryGetProperty("batches", out _));
        var serverTime = receipt.GetProperty("serverTime").GetInt64();
        var chunk = Assert.Single(await host.TakeAsync(1));
        Assert.Equal(sent, chunk.Payload);
        Assert.Equal(ChunkCompression.Gzip, chunk.Header.Compression);
        Assert.Equal(ChunkFlags.FullSnapshot | ChunkFlags.LastOfWindow, chunk.Header.Flags);
        Assert.Equal((uint)batch.CountEvents(), chunk.Header.EventCount);
        Assert.Equal((BatchSamples.Time, BatchSamples.Time + 20), (chunk.Header.FirstTime, chunk.Header.LastTime));
        Assert.Equal((uint)batch.CalculateSize(), chunk.Header.BatchLength);
        Assert.Equal(serverTime, chunk.Message.ReceivedAt);
        Assert.Equal(serverTime - BatchSamples.Time, chunk.Facts.ClockOffset);
        Assert.Equal("shop", chunk.Header.Id.Tenant.Value);
    }

    [Fact]
    public async Task Post_SeveralOfAWindow_EachAnswerVouchesForAllBeforeIt()
    {
        await using var host = await IngestHost.StartAsync();
        var session = BatchSamples.NewSession();
        var window = WindowId.Create(TimeProvider.System);
        var answers = new List<string>();
        foreach (var seq in new uint[] { 0, 1, 3, 2, 2 })
        {
            using var response = await host.SendAsync(BatchSamples.Create(session, window, seq).ToByteArray());
            answers.Add(
                JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("windows")[0]
                    .GetProperty("acknowledged").GetRawText());
        }

        Assert.Equal(["[[0,0]]", "[[0,1]]", "[[0,1],[3,3]]", "[[0,3]]", "[[0,3]]"], answers);
    }

    [Fact]
    public async Task Post_GzipHeaderWithAComment_TheCommentIsNotStored()
    {
        await using var host = await IngestHost.StartAsync();
        var member = BatchSamples.Gzip(BatchSamples.CreateFull().ToByteArray());
        byte[] commented = [0x1F, 0x8B, 8, 0b10000, 0, 0, 0, 0, 0, 3, .. "4111111111111111\0"u8, .. member[10..]];

        using var response = await host.SendAsync(commented);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var chunk = Assert.Single(await host.TakeAsync(1));
        Assert.Equal(-1, chunk.Payload.AsSpan().IndexOf("4111111111111111"u8));
        Assert.Equal(14, chunk.Batch.CountEvents());
    }

    [Fact]
    public async Task Post_RecorderOfTheNextMinorVersion_IsTakenWithWhatThisOneDoesNotKnow()
    {
        await using var host = await IngestHost.StartAsync();
        var batch = BatchSamples.Create();
        batch.RecorderVersion = "0.2.0";

        // A new kind of event, number 40, and a new field of the batch.
        byte[] item = [0x08, 1, 0xC2, 0x02, 4, 0x0A, 2, .. "ab"u8];
        using var response = await host.SendAsync([.. batch.ToByteArray(), 0x7A, (byte)item.Length, .. item, 0xA2, 0x38, 3, .. "new"u8]);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var chunk = Assert.Single(await host.TakeAsync(1));
        Assert.Equal(4u, chunk.Header.EventCount);
        Assert.True(chunk.Payload.AsSpan().EndsWith("new"u8));
    }

    [Fact]
    public async Task Post_EveryKindOfEvent_FactsAreCollected()
    {
        await using var host = await IngestHost.StartAsync();
        host.Client.DefaultRequestHeaders.UserAgent.ParseAdd(
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36");

        using var response =
            await host.SendAsync(BatchSamples.Gzip(BatchSamples.CreateFull().ToByteArray()), extra: $"&sent={BatchSamples.Time}");

        var facts = Assert.Single(await host.TakeAsync(1)).Facts;
        Assert.Equal(
            (1u, 3u, 1u, 1u, 1u, 1u, 2u),
            (facts.Errors, facts.Clicks, facts.Requests, facts.FailedRequests, facts.RageClicks, facts.ConsoleErrors, facts.LostEvents));
        Assert.Equal("https://shop.example/cart?item=", facts.EntryUrl);
        Assert.Equal((1280u, 720u, "en", "Cart"), (facts.ViewportWidth, facts.ViewportHeight, facts.Language, facts.Title));
        Assert.Equal(["checkout"], facts.CustomEvents);
        Assert.Equal(
            ("u-1", "ann@shop.example", "Ann", "{\"plan\":\"pro\"}"),
            (facts.User.Id, facts.User.Email, facts.User.Name, facts.User.TraitsJson));
        Assert.Equal("https://shop.example/checkout", Assert.Single(facts.Pages).Url);
        Assert.Equal("127.0.0.1", facts.Ip);
        Assert.Contains("Chrome/140", facts.UserAgent, StringComparison.Ordinal);
        Assert.Equal(
            ["click", "click", "click", "console_error", "network_error", "navigation", "error", "performance", "custom", "identify",
            "rage_click", "server", "gap"],
            facts.Markers.Select(marker => marker.Kind));
        Assert.Equal("GET https://shop.example/api/items?page= 503", facts.Markers[4].Label);
        Assert.Equal((ulong)BatchSamples.Time + 12, facts.Markers[4].Time);
        Assert.Empty(facts.Sanitized);
    }

    [Theory]
    [InlineData("""{"target":"button#b","label":"Say \"hi\" ü 4111 1111 1111 1111"}""", "Say \"hi\" ü [card]************* · button#b")]
    [InlineData("""{"target":"button#b"}""", "button#b")]
    [InlineData("""{"label":"Buy"}""", "Buy")]
    [InlineData("""{"label":7,"target":{"label":"x"}}""", "")]
    [InlineData("{}", "")]
    public async Task Post_NamedClick_MarkerBearsTheNameSanitized(string names, string expected)
    {
        await using var host = await IngestHost.StartAsync();
        var batch = BatchSamples.Create(BatchSamples.NewSession(), WindowId.Create(TimeProvider.System), 0, 1);
        batch.ClearDom();
        var more = names is "{}" ? string.Empty : "," + names[1..^1];
        batch.AddDom((BatchSamples.Time, $$$"""{"type":3,"data":{"source":2,"type":2,"id":7,"x":1,"y":2{{{more}}}}}"""));
        batch.Events.Add(
            new Event { Time = BatchSamples.Time + 1,
                Interaction = new InteractionEvent { Type = "rage_click", Target = "a.x", Text = "More", Count = 3 } });

        using var response = await host.SendAsync(batch.ToByteArray());

        Assert.Equal([expected, "More · a.x"], Assert.Single(await host.TakeAsync(1)).Facts.Markers.Select(marker => marker.Label));
    }

    [Theory]
    [InlineData(1, ChunkCompression.None)]
    [InlineData(100, ChunkCompression.Gzip)]
    public async Task Post_Uncompressed_IsCompressedWhenItIsLarge(int events, ChunkCompression expected)
    {
        await using var host = await IngestHost.StartAsync();
        var batch = BatchSamples.Create(BatchSamples.NewSession(), WindowId.Create(TimeProvider.System), 0, events);

        using var response = await host.SendAsync(batch.ToByteArray());

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var chunk = Assert.Single(await host.TakeAsync(1));
        Assert.Equal(expected, chunk.Header.Compression);
        Assert.Equal(batch, chunk.Batch);
    }

    [Fact]
    public async Task Post_CardNumber_IsTakenOutAndCounted()
    {
        await using var host = await IngestHost.StartAsync();
        var batch = BatchSamples.Create();
        batch.AddDom((BatchSamples.Time, """{"type":3,"data":{"source":0,"texts":[{"id":1,"value":"Pay 4111 1111 1111 1111 now"}]}}"""));

        using var response = await host.SendAsync(BatchSamples.Gzip(batch.ToByteArray()));

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var chunk = Assert.Single(await host.TakeAsync(1));
        Assert.Contains("Pay [card]************* now", DomEvents.Read(chunk.Batch.DomEvents)[^1], StringComparison.Ordinal);
        Assert.Equal(1u, chunk.Facts.Sanitized["card"]);
        Assert.Equal((uint)batch.CalculateSize(), chunk.Header.BatchLength);
    }

    [Fact]
    public async Task Post_LargerThanTheQueueTakes_TravelsAsClaimCheck()
    {
        await using var host = await IngestHost.StartAsync();
        var batch = BatchSamples.Create();
        var noise = new byte[24 * 1024 * 1024 / 2];
        new Random(1).NextBytes(noise);
        var big = batch.Clone();
        big.AddDom((BatchSamples.Time, $$$"""{"type":2,"data":{"node":{"textContent":"{{{Convert.ToHexString(noise)}}}"} } }"""));
        var sent = BatchSamples.Gzip(big.ToByteArray());
        var queue = host.Services.GetRequiredService<IMessageQueue>();

        using var response = await host.SendAsync(sent);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var chunk = Assert.Single(await host.TakeAsync(1));
        Assert.Equal(sent.Length + 2048 > queue.MaxMessageBytes, chunk.Message.IsClaimCheck);
        Assert.Equal(sent, chunk.Payload);
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(16 * 1024 * 1024)]
    public async Task Post_QueueTakesLittle_ClaimCheckHoldsTheWholeChunk(int said)
    {
        // A queue that is not connected yet may say more than its server takes.
        const int Takes = 4096;
        var published = new List<byte[]>();
        var queue = Substitute.For<IMessageQueue>();
        queue.MaxMessageBytes.Returns(said);
        queue.PublishAsync(Arg.Any<QueueMessage>(), Arg.Any<CancellationToken>()).Returns(call =>
        {
            var body = call.Arg<QueueMessage>().Body;
            if (body.Length > Takes)
            {
                throw new MessageTooLargeException(body.Length, Takes);
            }

            published.Add(body.ToArray());
            return ValueTask.CompletedTask;
        });
        await using var host = await IngestHost.StartAsync(build: builder => builder.Services.AddSingleton(queue));
        var noise = new byte[Takes];
        new Random(1).NextBytes(noise);
        var batch = BatchSamples.Create().AddDom(
            (BatchSamples.Time, $$$"""{"type":5,"data":{"tag":"x","payload":"{{{Convert.ToHexString(noise)}}}"} }"""));

        using var response = await host.SendAsync(BatchSamples.Gzip(batch.ToByteArray()));

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var message = Assert.Single(published);
        var header = QueueMessageHeader.Read(message);
        Assert.True(header.IsClaimCheck);
        var key = System.Text.Encoding.UTF8.GetString(message.AsSpan(QueueMessageHeader.Size + header.EntryLength));
        var chunk = await File.ReadAllBytesAsync(Path.Combine(host.DataFolder, "blobs", key));
        var stored = ChunkHeaderCodec.Read(message.AsSpan(QueueMessageHeader.PrefixSize));
        Assert.Equal(stored.ChunkLength, chunk.Length);
        Assert.Equal(message.AsSpan(QueueMessageHeader.PrefixSize, ChunkHeader.Size), chunk.AsSpan(0, ChunkHeader.Size));
        using var cipher = await host.Services.GetRequiredService<ISessionCipherProvider>().GetAsync(stored.Id.SessionRef, default);
        var payload = new byte[stored.PayloadLength];
        cipher.Open(stored.Id, chunk, payload);
        Assert.Equal(batch, EventBatch.Parser.ParseFrom(BatchSamples.Gunzip(payload)));
    }

    [Fact]
    public async Task Post_Concurrently_EveryBatchArrivesOnce()
    {
        await using var host = await IngestHost.StartAsync(options => options.Ingest.RequestsPerSecondPerAddress = 100_000);
        var session = BatchSamples.NewSession();
        var window = WindowId.Create(TimeProvider.System);

        var statuses = await Task.WhenAll(Enumerable.Range(0, 200).Select(async seq =>
        {
            using var response = await host.SendAsync(BatchSamples.Gzip(BatchSamples.Create(session, window, (uint)seq).ToByteArray()));
            return response.StatusCode;
        }));

        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.Accepted, status));
        var chunks = await host.TakeAsync(200);
        Assert.Equal(Enumerable.Range(0, 200).Select(seq => (uint)seq), chunks.Select(chunk => chunk.Header.Id.Seq).Order());
        Assert.Single(chunks.Select(chunk => chunk.Header.SessionStarted).Distinct());
    }

    [Fact]
    public async Task Post_AllowedOrigin_CorsHeadersAlsoOnErrors()
    {
        await using var host = await IngestHost.StartAsync();
        using var response = await host.SendAsync([1, 2, 3]);
        await IngestHost.ProblemAsync(response, HttpStatusCode.BadRequest, "batch-invalid");
        Assert.Equal(IngestHost.Origin, Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Contains("Origin", response.Headers.Vary);
    }

    [Fact]
    public async Task Post_OwnOrigin_IsAllowed()
    {
        await using var host = await IngestHost.StartAsync();
        using var response =
            await host.SendAsync(BatchSamples.Create().ToByteArray(), origin: host.Address.GetLeftPart(UriPartial.Authority));
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        using var without = await host.SendAsync(BatchSamples.Create().ToByteArray(), origin: null);
        Assert.Equal(HttpStatusCode.Accepted, without.StatusCode);
    }

    [Fact]
    public async Task Options_AllowedOrigin_TellsWhatIsAllowed()
    {
        await using var host = await IngestHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Options, $"v1/batches?key={IngestHost.Key}");
        request.Headers.Add("Origin", IngestHost.Origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        using var response = await host.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("GET, POST", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Methods")));
        Assert.Equal(IngestHost.Origin, Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
    }
}
