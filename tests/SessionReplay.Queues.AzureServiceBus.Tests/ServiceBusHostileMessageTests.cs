using Amqp;
using Amqp.Framing;
using Amqp.Types;
using SessionReplay.Queues.ConformanceTests;

namespace SessionReplay.Queues.AzureServiceBus.Tests;

/// <summary>Who may send may put anything into a message; none of it may stop the consumers, or keep an operator from looking.</summary>
public sealed class ServiceBusHostileMessageTests : ServiceBusTestBase
{
    public static TheoryData<string> Kinds => ["none", "date", "nan", "huge", "least", "negative", "long-names", "text"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Message_StrangeProperties_IsDeliveredRetriedDeadLetteredListedAndPutBack(string kind)
    {
        await using var queue = ServiceBusQueueFixture.Create(Options());
        Stored.Enqueue(Hostile(kind));

        var status = await queue.GetStatusAsync(CancellationToken.None);
        Assert.Equal(1, status.Ready);
        Assert.InRange(status.OldestAge!.Value, TimeSpan.Zero, kind == "huge" ? TimeSpan.Zero : TimeSpan.FromDays(1));
        var delivery = await queue.ReceiveOneAsync();
        Assert.Equal([1, 2, 3], delivery.Body.ToArray());
        Assert.True(delivery.Attempt >= 1);
        Assert.InRange(delivery.MessageId.Length, 0, 128);
        await delivery.RetryAsync("later", CancellationToken.None);
        if (kind == "huge")
        {
            // With so many attempts it is a dead letter at once.
            await WaitForAsync(() => Stored.DeadLetters!.Count().Active == 1);
        }
        else
        {
            await (await queue.ReceiveOneAsync()).DeadLetterAsync("broken", CancellationToken.None);
        }

        await WaitForAsync(() => Stored.DeadLetters!.Count().Active == 1);
        Assert.Single(await queue.ListAsync(10, CancellationToken.None));
        Assert.Equal(1, await queue.RedriveAsync(10, CancellationToken.None));
        Assert.Equal([1, 2, 3], (await queue.ReceiveOneAsync()).Body.ToArray());
    }

    [Fact]
    public async Task Message_ClientCannotReadIt_OthersAreDelivered()
    {
        // AMQP allows no map among the properties, and the client fails with the whole batch.
        Stored.LockDuration = TimeSpan.FromMilliseconds(300);
        Stored.MaxDeliveryCount = 5;
        var unreadable = Hostile("none");
        unreadable.ApplicationProperties.Map["map"] = new Map { ["a"] = 1 };
        Stored.Enqueue(unreadable);
        await using var queue = ServiceBusQueueFixture.Create(Options());
        Assert.Null((await queue.GetStatusAsync(CancellationToken.None)).OldestAge);
        for (var i = 0; i < 5; i++)
        {
            await queue.PublishAsync($"m{i}");
        }

        var found = new HashSet<string>();
        using var limit = new CancellationTokenSource(Patience);
        while (found.Count < 5)
        {
            foreach (var delivery in await queue.ReceiveAsync(10, limit.Token))
            {
                await delivery.AckAsync(limit.Token);
                found.Add(delivery.MessageId);
            }
        }

        // The service counts its deliveries while another receive waits.
        var waiting = queue.ReceiveAsync(10, limit.Token).AsTask();
        await WaitForAsync(() => Stored.DeadLetters!.Count().Active == 1);
        await queue.PublishAsync("last");
        Assert.Equal("last", Assert.Single(await waiting).MessageId);
    }

    [Theory]
    [InlineData("data", 4)]
    [InlineData("several", 4)]
    [InlineData("value", 4)]
    [InlineData("text", 0)]
    [InlineData("sequence", 0)]
    public async Task Message_AnyKindOfBody_IsReadWhole(string kind, int length)
    {
        var pieces = new DataList();
        pieces.Add(new Data { Binary = [1, 2] });
        pieces.Add(new Data { Binary = [3, 4] });
        Stored.Enqueue(new Message
        {
            Properties = new Properties { MessageId = "one" },
            BodySection = kind switch
            {
                "data" => new Data { Binary = [1, 2, 3, 4] },
                "several" => pieces,
                "value" => new AmqpValue { Value = new byte[] { 1, 2, 3, 4 } },
                "text" => new AmqpValue { Value = "text" },
                _ => new AmqpSequence { List = new List { 1, 2 } },
            },
        });
        await using var queue = ServiceBusQueueFixture.Create(Options());

        var delivery = await queue.ReceiveOneAsync();

        Assert.Equal(new byte[] { 1, 2, 3, 4 }[..length], delivery.Body.ToArray());
    }

    [Theory]
    [InlineData("date")]
    [InlineData("huge")]
    [InlineData("least")]
    [InlineData("text")]
    public async Task DeadLetter_StrangeProperties_IsListed(string kind)
    {
        await using var queue = ServiceBusQueueFixture.Create(Options());
        var message = Hostile(kind);
        message.ApplicationProperties["DeadLetterReason"] = "SessionReplay";
        message.ApplicationProperties["DeadLetterErrorDescription"] = new string('r', 5000);
        Stored.DeadLetters!.Enqueue(message);

        var letter = Assert.Single(await queue.ListAsync(10, CancellationToken.None));

        Assert.Equal(1024, letter.Reason.Length);
    }

    private static Message Hostile(string kind)
    {
        object value = kind switch
        {
            "date" => TimeProvider.System.GetUtcNow().UtcDateTime,
            "nan" => double.NaN,
            "huge" => long.MaxValue,
            "least" => long.MinValue,
            "negative" => -5,
            _ => "many",
        };
        var name = kind == "long-names" ? new string('n', 5000) : "none";
        var message = new Message
        {
            Properties = new Properties { MessageId = name },
            BodySection = new Data { Binary = [1, 2, 3] },
            ApplicationProperties = new ApplicationProperties(),
        };
        if (kind != "none")
        {
            message.ApplicationProperties["sr-id"] = name;
            message.ApplicationProperties["sr-redrive"] = name;
            foreach (var property in new[] { "sr-attempts", "sr-published-at", "sr-dead-at" })
            {
                message.ApplicationProperties.Map[property] = value;
            }
        }

        return message;
    }
}
