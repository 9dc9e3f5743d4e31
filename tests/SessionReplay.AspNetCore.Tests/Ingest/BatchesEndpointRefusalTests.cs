using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using SessionReplay.Keys;
using SessionReplay.Queues;
using SessionReplay.Sanitizing;

namespace SessionReplay.AspNetCore.Tests.Ingest;

/// <summary>What the batch endpoint answers to what it does not take.</summary>
public sealed class BatchesEndpointRefusalTests
{
    [Theory]
    [InlineData("")]
    [InlineData("wk_unknown_1234")]
    [InlineData("wk_test_1234567")]
    public async Task Post_UnknownKey_Is401(string key)
    {
        await using var host = await IngestHost.StartAsync();
        using var response = await host.SendAsync(BatchSamples.Create().ToByteArray(), key: key);
        await IngestHost.ProblemAsync(response, HttpStatusCode.Unauthorized, "write-key-unknown");
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Post_ForeignOrigin_Is403WithoutCors()
    {
        await using var host = await IngestHost.StartAsync();
        using var response = await host.SendAsync(BatchSamples.Create().ToByteArray(), origin: "https://shop.example.evil");
        await IngestHost.ProblemAsync(response, HttpStatusCode.Forbidden, "origin-not-allowed");
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
        using var other = await host.SendAsync(BatchSamples.Create().ToByteArray(), key: "wk_other_12345678");
        await IngestHost.ProblemAsync(other, HttpStatusCode.Forbidden, "origin-not-allowed");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("multipart/form-data")]
    public async Task Post_OtherMediaType_Is415(string type)
    {
        await using var host = await IngestHost.StartAsync();
        using var response =
            await host.PostAsync(
                $"v1/batches?key={IngestHost.Key}", IngestHost.Body(Upload.Batch(BatchSamples.Create().ToByteArray()), type));
        await IngestHost.ProblemAsync(response, HttpStatusCode.UnsupportedMediaType, "media-type-not-supported");
    }

    [Fact]
    public async Task Post_TooLarge_Is413WithAndWithoutLength()
    {
        await using var host = await IngestHost.StartAsync(options => options.Ingest.MaxBatchBytes = 65_536);
        using var told = await host.SendAsync(new byte[70_000]);
        await IngestHost.ProblemAsync(told, HttpStatusCode.RequestEntityTooLarge, "batch-too-large");
        using var chunked = new HttpRequestMessage(
            HttpMethod.Post, $"v1/batches?key={IngestHost.Key}") { Content = IngestHost.Body(new byte[70_000]) };
        chunked.Headers.TransferEncodingChunked = true;
        using var untold = await host.Client.SendAsync(chunked);
        await IngestHost.ProblemAsync(untold, HttpStatusCode.RequestEntityTooLarge, "batch-too-large");
    }

    [Fact]
    public async Task Post_SentIsNoTime_Is400()
    {
        await using var host = await IngestHost.StartAsync();
        using var response = await host.SendAsync(BatchSamples.Create().ToByteArray(), extra: "&sent=yesterday");
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
        var session = BatchSamples.NewSession();
        using var first = await host.SendAsync(BatchSamples.Create(session, WindowId.Create(TimeProvider.System)).ToByteArray());
        using var forget = await host.PostAsync($"v1/sessions/{session}/forget?key={IngestHost.Key}", IngestHost.Body(Upload.Frame([])));
        using var late = await host.SendAsync(BatchSamples.Create(session, WindowId.Create(TimeProvider.System)).ToByteArray());
        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, forget.StatusCode);
        await IngestHost.ProblemAsync(late, HttpStatusCode.Gone, "session-deleted");
    }

    [Fact]
    public async Task Post_DeletedByAnotherProcess_Is410LongBeforeTheKeyLeavesTheCache()
    {
        await using var host = await IngestHost.StartAsync();
        var session = BatchSamples.NewSession();
        var window = WindowId.Create(TimeProvider.System);
        using var first = await host.SendAsync(BatchSamples.Create(session, window).ToByteArray());
        // As another process deletes it: this one's cache still has the key.
        await host.Services.GetRequiredService<IKeyStore>().DeleteAsync(DataKeyId.OfSession(new(new("shop"), session)), default);

        var refused = first.StatusCode;
        for (uint seq = 1; seq < 120 && refused != HttpStatusCode.Gone; seq++)
        {
            await Task.Delay(250);
            using var late = await host.SendAsync(BatchSamples.Create(session, window, seq).ToByteArray());
            refused = late.StatusCode;
        }

        Assert.Equal(HttpStatusCode.Gone, refused);
    }

    [Fact]
    public async Task Post_TooManyRequests_Is429WithRetryAfter()
    {
        await using var host = await IngestHost.StartAsync(options => options.Ingest.RequestsPerSecondPerAddress = 1);
        HttpResponseMessage? limited = null;
        for (var i = 0; i < 50 && limited?.StatusCode != HttpStatusCode.TooManyRequests; i++)
        {
            limited?.Dispose();
            limited = await host.SendAsync(BatchSamples.Create().ToByteArray());
        }

        await IngestHost.ProblemAsync(limited!, HttpStatusCode.TooManyRequests, "rate-limited");
        Assert.True(limited!.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        Assert.True(limited.Headers.Contains("Access-Control-Allow-Origin"));
        limited.Dispose();
    }

    [Fact]
    public async Task Post_SessionAboveItsQuota_IsRefusedForGood()
    {
        await using var host =
            await IngestHost.StartAsync(
                options => (options.Ingest.MaxSessionBytes, options.Ingest.RequestsPerSecondPerAddress) = (1 << 20, 100_000));
        var session = BatchSamples.NewSession();
        var window = WindowId.Create(TimeProvider.System);

        // Each counts 8 KiB, and the process gives a hundredth by itself.
        const uint Most = 129;
        for (var seq = 0u; seq < Most; seq++)
        {
            using var accepted = await host.SendAsync(BatchSamples.Create(session, window, seq).ToByteArray());
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        }

        using var again = await host.SendAsync(BatchSamples.Create(session, window, 0).ToByteArray());
        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
        using var response = await host.SendAsync(BatchSamples.Create(session, window, Most).ToByteArray());
        var problem = await IngestHost.ProblemAsync(response, HttpStatusCode.TooManyRequests, "session-quota");
        Assert.True(problem.GetProperty("final").GetBoolean());
        using var other = await host.SendAsync(BatchSamples.Create().ToByteArray());
        Assert.Equal(HttpStatusCode.Accepted, other.StatusCode);
    }

    [Fact]
    public async Task Post_QueueUnavailable_Is503WithRetryAfter()
    {
        var queue = Substitute.For<IMessageQueue>();
        queue.MaxMessageBytes.Returns(1 << 20);
        queue.PublishAsync(Arg.Any<QueueMessage>(), Arg.Any<CancellationToken>()).Throws(new QueueUnavailableException("down"));
        await using var host = await IngestHost.StartAsync(build: builder => builder.Services.AddSingleton(queue));
        using var response = await host.SendAsync(BatchSamples.Create().ToByteArray());
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
        using var response = await host.SendAsync(BatchSamples.Create().ToByteArray());
        await IngestHost.ProblemAsync(response, HttpStatusCode.ServiceUnavailable, "queue-unavailable");
    }

    [Fact]
    public async Task Post_KeyStoreUnavailable_Is503()
    {
        var keys = Substitute.For<IKeyStore>();
        keys.GetOrAddAsync(Arg.Any<DataKeyEntry>(), Arg.Any<CancellationToken>()).Throws(new KeyStoreUnavailableException("down"));
        keys.FindAsync(Arg.Any<DataKeyId>(), Arg.Any<CancellationToken>()).Throws(new KeyStoreUnavailableException("down"));
        await using var host = await IngestHost.StartAsync(build: builder => builder.Services.AddSingleton(keys));
        using var response = await host.SendAsync(BatchSamples.Create().ToByteArray());
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
        using var response = await host.SendAsync(BatchSamples.Create().ToByteArray());
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
        using var response = await host.SendAsync(BatchSamples.Create().ToByteArray());
        await IngestHost.ProblemAsync(response, HttpStatusCode.ServiceUnavailable, "draining");
    }

    private sealed class FaultyRule : ISanitizingRule
    {
        public string Name => "faulty";

        public bool TryFind(ReadOnlySpan<char> text, out int index, out int length) => throw new InvalidOperationException("bug");
    }
}
