using System.Net;
using System.Text.Json;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute.ExceptionExtensions;
using NSubstitute;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Queues;
using SessionReplay.Sanitizing;
using SessionReplay.Wire;

namespace SessionReplay.AspNetCore.Tests.Ingest;

public sealed class BatchEndpointTests
{
    [Fact]
    public async Task Post_ValidGzip_IsAcknowledgedAndSealedAsItCame()
    {
        await using var host = await IngestHost.StartAsync();
        var batch = Batches.CreateFull();
        var sent = Batches.Gzip(batch.ToByteArray());

        using var response = await host.SendAsync(sent, extra: $"&sent={Batches.Time}");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var receipt = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        var window = new WindowId(new Guid(batch.WindowId.Span, bigEndian: true));
        Assert.Equal(window.ToString(), receipt.GetProperty("window").GetString());
        Assert.Equal("[[0,0]]", receipt.GetProperty("acknowledged").GetRawText());
        var serverTime = receipt.GetProperty("serverTime").GetInt64();
        var chunk = Assert.Single(await host.TakeAsync(1));
        Assert.Equal(sent, chunk.Payload);
        Assert.Equal(ChunkCompression.Gzip, chunk.Header.Compression);
        Assert.Equal(ChunkFlags.FullSnapshot | ChunkFlags.LastOfWindow, chunk.Header.Flags);
        Assert.Equal((uint)batch.Events.Count, chunk.Header.EventCount);
        Assert.Equal((Batches.Time, Batches.Time + 20), (chunk.Header.FirstTime, chunk.Header.LastTime));
        Assert.Equal((uint)batch.CalculateSize(), chunk.Header.BatchLength);
        Assert.Equal(serverTime, chunk.Message.ReceivedAt);
        Assert.Equal(serverTime - Batches.Time, chunk.Facts.ClockOffset);
        Assert.Equal("shop", chunk.Header.Id.Tenant.Value);
    }

    [Fact]
    public async Task Post_SeveralOfAWindow_EachAnswerVouchesForAllBeforeIt()
    {
        await using var host = await IngestHost.StartAsync();
        var session = Batches.NewSession();
        var window = WindowId.Create(TimeProvider.System);
        var answers = new List<string>();
        foreach (var seq in new uint[] { 0, 1, 3, 2, 2 })
        {
            using var response = await host.SendAsync(Batches.Create(session, window, seq).ToByteArray());
            answers.Add(JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("acknowledged").GetRawText());
        }

        Assert.Equal(["[[0,0]]", "[[0,1]]", "[[0,1],[3,3]]", "[[0,3]]", "[[0,3]]"], answers);
    }

    [Fact]
    public async Task Post_GzipHeaderWithAComment_TheCommentIsNotStored()
    {
        await using var host = await IngestHost.StartAsync();
        var member = Batches.Gzip(Batches.CreateFull().ToByteArray());
        byte[] commented = [0x1F, 0x8B, 8, 0b10000, 0, 0, 0, 0, 0, 3, .. "4111111111111111\0"u8, .. member[10..]];

        using var response = await host.SendAsync(commented);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var chunk = Assert.Single(await host.TakeAsync(1));
        Assert.Equal(-1, chunk.Payload.AsSpan().IndexOf("4111111111111111"u8));
        Assert.Equal(14, chunk.Batch.Events.Count);
    }

    [Fact]
    public async Task Post_RecorderOfTheNextMinorVersion_IsTakenWithWhatThisOneDoesNotKnow()
    {
        await using var host = await IngestHost.StartAsync();
        var batch = Batches.Create();
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
        host.Client.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36");

        using var response = await host.SendAsync(Batches.Gzip(Batches.CreateFull().ToByteArray()));

        var facts = Assert.Single(await host.TakeAsync(1)).Facts;
        Assert.Equal((1u, 3u, 1u, 1u, 1u, 1u, 2u), (facts.Errors, facts.Clicks, facts.Requests, facts.FailedRequests, facts.RageClicks, facts.ConsoleErrors, facts.LostEvents));
        Assert.Equal("https://shop.example/cart?item=3", facts.EntryUrl);
        Assert.Equal((1280u, 720u, "en", "Cart"), (facts.ViewportWidth, facts.ViewportHeight, facts.Language, facts.Title));
        Assert.Equal(["checkout"], facts.CustomEvents);
        Assert.Equal(("u-1", "ann@shop.example", "Ann", "{\"plan\":\"pro\"}"), (facts.User.Id, facts.User.Email, facts.User.Name, facts.User.TraitsJson));
        Assert.Equal("https://shop.example/checkout", Assert.Single(facts.Pages).Url);
        Assert.Equal("127.0.0.1", facts.Ip);
        Assert.Contains("Chrome/140", facts.UserAgent, StringComparison.Ordinal);
        Assert.Equal(
            ["click", "click", "click", "console_error", "network_error", "navigation", "error", "performance", "custom", "identify", "rage_click", "server", "gap"],
            facts.Markers.Select(marker => marker.Kind));
        Assert.Equal("GET https://shop.example/api/items?page=2 503", facts.Markers[4].Label);
        Assert.Equal((ulong)Batches.Time + 12, facts.Markers[4].Time);
        Assert.Empty(facts.Sanitized);
    }

    [Theory]
    [InlineData(1, ChunkCompression.None)]
    [InlineData(100, ChunkCompression.Gzip)]
    public async Task Post_Uncompressed_IsCompressedWhenItIsLarge(int events, ChunkCompression expected)
    {
        await using var host = await IngestHost.StartAsync();
        var batch = Batches.Create(Batches.NewSession(), WindowId.Create(TimeProvider.System), 0, events);

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
        var batch = Batches.Create();
        batch.Events.Add(Batches.Dom(Batches.Time, """{"type":3,"data":{"source":0,"texts":[{"id":1,"value":"Pay 4111 1111 1111 1111 now"}]},"timestamp":1}"""));

        using var response = await host.SendAsync(Batches.Gzip(batch.ToByteArray()));

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var chunk = Assert.Single(await host.TakeAsync(1));
        Assert.Contains("Pay [card]************* now", chunk.Batch.Events[^1].Dom.ToStringUtf8(), StringComparison.Ordinal);
        Assert.Equal(1u, chunk.Facts.Sanitized["card"]);
        Assert.Equal((uint)batch.CalculateSize(), chunk.Header.BatchLength);
    }

    [Fact]
    public async Task Post_LargerThanTheQueueTakes_TravelsAsClaimCheck()
    {
        await using var host = await IngestHost.StartAsync();
        var batch = Batches.Create();
        var noise = new byte[24 * 1024 * 1024 / 2];
        new Random(1).NextBytes(noise);
        var big = batch.Clone();
        big.Events.Add(Batches.Dom(Batches.Time, $$$"""{"type":2,"data":{"node":{"textContent":"{{{Convert.ToHexString(noise)}}}"}},"timestamp":1}"""));
        var sent = Batches.Gzip(big.ToByteArray());
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
        var batch = Batches.Create(Batches.NewSession(), WindowId.Create(TimeProvider.System), 0, 2000);

        using var response = await host.SendAsync(Batches.Gzip(batch.ToByteArray()));

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var message = Assert.Single(published);
        var header = QueueMessageHeader.Read(message);
        Assert.True(header.IsClaimCheck);
        var key = System.Text.Encoding.UTF8.GetString(message.AsSpan(QueueMessageHeader.Size + header.FactsLength));
        var chunk = await File.ReadAllBytesAsync(Path.Combine(host.DataFolder, "blobs", key));
        var stored = ChunkHeader.Read(message.AsSpan(QueueMessageHeader.PrefixSize));
        Assert.Equal(stored.ChunkLength, chunk.Length);
        Assert.Equal(message.AsSpan(QueueMessageHeader.PrefixSize, ChunkHeader.Size), chunk.AsSpan(0, ChunkHeader.Size));
        using var cipher = await host.Services.GetRequiredService<ISessionCipherProvider>().GetAsync(stored.Id.SessionRef, default);
        var payload = new byte[stored.PayloadLength];
        cipher.Open(stored.Id, chunk, payload);
        Assert.Equal(batch, EventBatch.Parser.ParseFrom(Batches.Gunzip(payload)));
    }

    [Fact]
    public async Task Post_Concurrently_EveryBatchArrivesOnce()
    {
        await using var host = await IngestHost.StartAsync(options => options.Ingest.RequestsPerSecondPerAddress = 100_000);
        var session = Batches.NewSession();
        var window = WindowId.Create(TimeProvider.System);

        var statuses = await Task.WhenAll(Enumerable.Range(0, 200).Select(async seq =>
        {
            using var response = await host.SendAsync(Batches.Gzip(Batches.Create(session, window, (uint)seq).ToByteArray()));
            return response.StatusCode;
        }));

        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.Accepted, status));
        var chunks = await host.TakeAsync(200);
        Assert.Equal(Enumerable.Range(0, 200).Select(seq => (uint)seq), chunks.Select(chunk => chunk.Header.Id.Seq).Order());
        Assert.Single(chunks.Select(chunk => chunk.Header.SessionStarted).Distinct());
    }

    [Theory]
    [InlineData("")]
    [InlineData("wk_unknown_1234")]
    [InlineData("wk_test_1234567")]
    public async Task Post_UnknownKey_Is401(string key)
    {
        await using var host = await IngestHost.StartAsync();
        using var response = await host.SendAsync(Batches.Create().ToByteArray(), key: key);
        await IngestHost.ProblemAsync(response, HttpStatusCode.Unauthorized, "write-key-unknown");
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Post_ForeignOrigin_Is403WithoutCors()
    {
        await using var host = await IngestHost.StartAsync();
        using var response = await host.SendAsync(Batches.Create().ToByteArray(), origin: "https://shop.example.evil");
        await IngestHost.ProblemAsync(response, HttpStatusCode.Forbidden, "origin-not-allowed");
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
        using var other = await host.SendAsync(Batches.Create().ToByteArray(), key: "wk_other_12345678");
        await IngestHost.ProblemAsync(other, HttpStatusCode.Forbidden, "origin-not-allowed");
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
        using var response = await host.SendAsync(Batches.Create().ToByteArray(), origin: host.Address.GetLeftPart(UriPartial.Authority));
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        using var without = await host.SendAsync(Batches.Create().ToByteArray(), origin: null);
        Assert.Equal(HttpStatusCode.Accepted, without.StatusCode);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("multipart/form-data")]
    public async Task Post_OtherMediaType_Is415(string type)
    {
        await using var host = await IngestHost.StartAsync();
        using var response = await host.PostAsync($"v1/batches?key={IngestHost.Key}", IngestHost.Body(Batches.Create().ToByteArray(), type));
        await IngestHost.ProblemAsync(response, HttpStatusCode.UnsupportedMediaType, "media-type-not-supported");
    }

    [Fact]
    public async Task Post_TooLarge_Is413WithAndWithoutLength()
    {
        await using var host = await IngestHost.StartAsync(options => options.Ingest.MaxBatchBytes = 65_536);
        using var told = await host.SendAsync(new byte[70_000]);
        await IngestHost.ProblemAsync(told, HttpStatusCode.RequestEntityTooLarge, "batch-too-large");
        using var chunked = new HttpRequestMessage(HttpMethod.Post, $"v1/batches?key={IngestHost.Key}") { Content = IngestHost.Body(new byte[70_000]) };
        chunked.Headers.TransferEncodingChunked = true;
        using var untold = await host.Client.SendAsync(chunked);
        await IngestHost.ProblemAsync(untold, HttpStatusCode.RequestEntityTooLarge, "batch-too-large");
    }

    [Fact]
    public async Task Post_SentIsNoTime_Is400()
    {
        await using var host = await IngestHost.StartAsync();
        using var response = await host.SendAsync(Batches.Create().ToByteArray(), extra: "&sent=yesterday");
        await IngestHost.ProblemAsync(response, HttpStatusCode.BadRequest, "query-invalid");
    }

    [Fact]
    public async Task Post_SlowBody_Is408()
    {
        await using var host = await IngestHost.StartAsync(options => options.Ingest.ReadTimeout = TimeSpan.FromSeconds(1));
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, host.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(
            $"POST /session-replay/v1/batches?key={IngestHost.Key} HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nabc"));
        using var reader = new StreamReader(stream);
        Assert.Contains("408", await reader.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_DeletedSession_Is410()
    {
        await using var host = await IngestHost.StartAsync();
        var session = Batches.NewSession();
        using var first = await host.SendAsync(Batches.Create(session, WindowId.Create(TimeProvider.System)).ToByteArray());
        using var forget = await host.PostAsync($"v1/sessions/{session}/forget?key={IngestHost.Key}", IngestHost.Body([]));
        using var late = await host.SendAsync(Batches.Create(session, WindowId.Create(TimeProvider.System)).ToByteArray());
        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, forget.StatusCode);
        await IngestHost.ProblemAsync(late, HttpStatusCode.Gone, "session-deleted");
    }

    [Fact]
    public async Task Post_TooManyRequests_Is429WithRetryAfter()
    {
        await using var host = await IngestHost.StartAsync(options => options.Ingest.RequestsPerSecondPerAddress = 1);
        HttpResponseMessage? limited = null;
        for (var i = 0; i < 50 && limited?.StatusCode != HttpStatusCode.TooManyRequests; i++)
        {
            limited?.Dispose();
            limited = await host.SendAsync(Batches.Create().ToByteArray());
        }

        await IngestHost.ProblemAsync(limited!, HttpStatusCode.TooManyRequests, "rate-limited");
        Assert.True(limited!.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        Assert.True(limited.Headers.Contains("Access-Control-Allow-Origin"));
        limited.Dispose();
    }

    [Fact]
    public async Task Post_SessionAboveItsQuota_IsRefusedForGood()
    {
        await using var host = await IngestHost.StartAsync(options => options.Ingest.MaxSessionBatches = 10);
        var session = Batches.NewSession();
        var window = WindowId.Create(TimeProvider.System);
        for (var seq = 0u; seq < 10; seq++)
        {
            using var accepted = await host.SendAsync(Batches.Create(session, window, seq).ToByteArray());
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        }

        using var response = await host.SendAsync(Batches.Create(session, window, 10).ToByteArray());
        var problem = await IngestHost.ProblemAsync(response, HttpStatusCode.TooManyRequests, "session-quota");
        Assert.True(problem.GetProperty("final").GetBoolean());
        using var other = await host.SendAsync(Batches.Create().ToByteArray());
        Assert.Equal(HttpStatusCode.Accepted, other.StatusCode);
    }

    [Fact]
    public async Task Post_QueueUnavailable_Is503WithRetryAfter()
    {
        var queue = Substitute.For<IMessageQueue>();
        queue.MaxMessageBytes.Returns(1 << 20);
        queue.PublishAsync(Arg.Any<QueueMessage>(), Arg.Any<CancellationToken>()).Throws(new QueueUnavailableException("down"));
        await using var host = await IngestHost.StartAsync(build: builder => builder.Services.AddSingleton(queue));
        using var response = await host.SendAsync(Batches.Create().ToByteArray());
        await IngestHost.ProblemAsync(response, HttpStatusCode.ServiceUnavailable, "queue-unavailable");
        Assert.Equal(TimeSpan.FromSeconds(5), response.Headers.RetryAfter!.Delta);
    }

    [Fact]
    public async Task Post_QueueDoesNotConfirmInTime_Is503()
    {
        var queue = Substitute.For<IMessageQueue>();
        queue.MaxMessageBytes.Returns(1 << 20);
        queue.PublishAsync(Arg.Any<QueueMessage>(), Arg.Any<CancellationToken>())
            .Returns(call => new ValueTask(Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, call.Arg<CancellationToken>())));
        await using var host = await IngestHost.StartAsync(
            options => options.Ingest.PublishTimeout = TimeSpan.FromSeconds(1), builder => builder.Services.AddSingleton(queue));
        using var response = await host.SendAsync(Batches.Create().ToByteArray());
        await IngestHost.ProblemAsync(response, HttpStatusCode.ServiceUnavailable, "queue-unavailable");
    }

    [Fact]
    public async Task Post_KeyStoreUnavailable_Is503()
    {
        var keys = Substitute.For<IKeyStore>();
        keys.GetOrAddAsync(Arg.Any<DataKeyEntry>(), Arg.Any<CancellationToken>()).Throws(new KeyStoreUnavailableException("down"));
        keys.FindAsync(Arg.Any<DataKeyId>(), Arg.Any<CancellationToken>()).Throws(new KeyStoreUnavailableException("down"));
        await using var host = await IngestHost.StartAsync(build: builder => builder.Services.AddSingleton(keys));
        using var response = await host.SendAsync(Batches.Create().ToByteArray());
        await IngestHost.ProblemAsync(response, HttpStatusCode.ServiceUnavailable, "key-store-unavailable");
    }

    [Fact]
    public async Task Post_RuleOfTheApplicationFails_Is503AndNothingIsPublished()
    {
        var queue = Substitute.For<IMessageQueue>();
        await using var host = await IngestHost.StartAsync(build: builder =>
        {
            builder.Services.AddSingleton<ISanitizingRule>(new FaultyRule());
            builder.Services.AddSingleton(queue);
        });
        using var response = await host.SendAsync(Batches.Create().ToByteArray());
        await IngestHost.ProblemAsync(response, HttpStatusCode.ServiceUnavailable, "sanitizing-failed");
        await queue.DidNotReceiveWithAnyArgs().PublishAsync(default, default);
    }

    [Fact]
    public async Task Post_Stopping_Is503Draining()
    {
        // The signal to stop comes while the request is on its way.
        await using var host = await IngestHost.StartAsync(use: app => app.Use((context, next) =>
        {
            app.Lifetime.StopApplication();
            return next(context);
        }));
        using var response = await host.SendAsync(Batches.Create().ToByteArray());
        await IngestHost.ProblemAsync(response, HttpStatusCode.ServiceUnavailable, "draining");
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

    private sealed class FaultyRule : ISanitizingRule
    {
        public string Name => "faulty";

        public bool TryFind(ReadOnlySpan<char> text, out int index, out int length) => throw new InvalidOperationException("bug");
    }
}
