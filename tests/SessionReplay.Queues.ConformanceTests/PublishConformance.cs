using SessionReplay.Format;
using Xunit.Abstractions;

namespace SessionReplay.Queues.ConformanceTests;

/// <summary>What is published arrives as it was, and what cannot be published is refused.</summary>
public abstract class PublishConformance(QueueFixture fixture, ITestOutputHelper output) : QueueConformance(fixture, output)
{
    [SkippableTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(257)]
    [InlineData(100_000)]
    public async Task Publish_AnyBody_IsReceivedAsItWas(int size)
    {
        await using var client = await ConnectAsync();
        var body = RandomBody(size);

        await PublishAsync(client, "one", body);

        Assert.Equal(body, await TakeAsync(client, "one"));
        await WaitForEmptyAsync(client);
        Count(1, 1, 1);
    }

    [SkippableFact]
    public async Task Publish_EveryByteValue_IsReceivedAsItWas()
    {
        await using var client = await ConnectAsync();
        var body = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();

        await PublishAsync(client, "bytes", body);

        Assert.Equal(body, await TakeAsync(client, "bytes"));
        Count(1, 1, 1);
    }

    [SkippableFact]
    public async Task Publish_GreatestBody_IsReceivedWhole()
    {
        await using var client = await ConnectAsync();
        var body = RandomBody(client.Queue.MaxMessageBytes);

        await PublishAsync(client, "greatest", body);

        var received = await TakeAsync(client, "greatest");
        Assert.True(body.AsSpan().SequenceEqual(received));
        Count(1, 1, 1);
    }

    [SkippableFact]
    public async Task Publish_OneByteTooMany_ThrowsMessageTooLarge()
    {
        await using var client = await ConnectAsync();
        var body = new byte[client.Queue.MaxMessageBytes + 1];

        var refusal = await Assert.ThrowsAsync<MessageTooLargeException>(() => PublishAsync(client, "too-large", body));

        Assert.Equal(body.Length, refusal.Size);
        Assert.Equal(body.Length - 1, refusal.Limit);
        await PublishAsync(client, "next");
        await TakeAsync(client, "next");
        await WaitForEmptyAsync(client);
        Count(2, 1, 1);
    }

    [SkippableFact]
    public async Task MaxMessageBytes_Always_HoldsAClaimCheckWithFacts()
    {
        await using var client = await ConnectAsync();

        Assert.True(client.Queue.MaxMessageBytes >= QueueMessageHeader.Size + (64 * 1024) + 1024);
        Count(0, 0, 0);
    }

    [SkippableFact]
    public async Task Publish_SameIdTwice_IsFoundAtLeastOnce()
    {
        await using var client = await ConnectAsync();
        var body = RandomBody(64);

        await PublishAsync(client, "twice", body);
        await PublishAsync(client, "twice", body);
        await PublishAsync(client, "after");

        var found = await DrainAsync(client, ["twice", "after"]);
        Assert.InRange(found["twice"], 1, 2);
        Assert.Equal(1, found["after"]);
        await DrainRestAsync(client);
        Count(2, 2, 2, found["twice"] - 1);
    }

    [SkippableFact]
    public async Task Publish_CallerReusesItsBuffer_DoesNotChangeTheBody()
    {
        await using var client = await ConnectAsync();
        var expected = RandomBody(5000);
        var buffer = new byte[8192];
        expected.CopyTo(buffer, 17);

        await PublishAsync(client, "reused", buffer.AsMemory(17, expected.Length));
        Array.Fill(buffer, (byte)0xee);

        Assert.Equal(expected, await TakeAsync(client, "reused"));
        Count(1, 1, 1);
    }

    [SkippableFact]
    public async Task Publish_LongIdWithPunctuation_KeepsTheId()
    {
        await using var client = await ConnectAsync();
        var id = "acme_1/0198f4c2-7d3a-7bbb-8ccc-1234567890ab/0198f4c2-7d3a-7bbb-8ccc-1234567890ab:12".PadRight(128, '~');

        await PublishAsync(client, id);

        await TakeAsync(client, id);
        Count(1, 1, 1);
    }

    [SkippableTheory]
    [InlineData("")]
    [InlineData("grün")]
    [InlineData("129")]
    public async Task Publish_IdOutOfBounds_ThrowsArgumentException(string id)
    {
        await using var client = await ConnectAsync();
        var tried = id == "129" ? new string('x', 129) : id;

        await Assert.ThrowsAnyAsync<ArgumentException>(
            () => client.Queue.PublishAsync(new QueueMessage(tried, "session", RandomBody(1)), CancellationToken.None).AsTask());
        Count(1, 0, 0);
    }

    [SkippableFact]
    public async Task Publish_AlreadyCancelled_ThrowsAndLeavesTheQueueUsable()
    {
        await using var client = await ConnectAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => client.Queue.PublishAsync(Message("cancelled", RandomBody(1)), new CancellationToken(canceled: true)).AsTask());

        await PublishAsync(client, "next");
        await DrainAsync(client, ["next"]);
        Count(2, 1, 1);
    }

    private static async Task DrainRestAsync(QueueClient client)
    {
        using var end = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        try
        {
            while (true)
            {
                foreach (var delivery in await client.Queue.ReceiveAsync(10, end.Token))
                {
                    Assert.Equal("twice", delivery.MessageId);
                    await delivery.AckAsync(CancellationToken.None);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It is empty.
        }
    }
}
