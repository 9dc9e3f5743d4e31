using Amqp;
using Amqp.Framing;
using Amqp.Types;
using SessionReplay.Queues.ConformanceTests;

namespace SessionReplay.Queues.AzureServiceBus.Tests;

/// <summary>Who may send may put anything into a message; none of it may stop the consumers, or keep an operator from looking.</summary>
public sealed class ServiceBusHostileMessageTests : ServiceBusTestBase
{
    public static TheoryData<string> Kinds => ["none", "date", "nan", "huge", "least", "negative", "long-names", "map", "text"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Message_StrangeProperties_IsDeliveredRetriedSetAsideListedAndPutBack(string kind)
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
        Assert.Equal(1, Server.Connections);
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
            "map" => new Map { ["a"] = 1 },
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
