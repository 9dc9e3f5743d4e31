using Xunit.Abstractions;

namespace SessionReplay.Queues.ConformanceTests;

/// <summary>What can never be dealt with is set aside whole, listed, and put back by an operator.</summary>
public abstract class DeadLetterConformance(QueueFixture fixture, ITestOutputHelper output) : QueueConformance(fixture, output)
{
    [SkippableFact]
    public async Task DeadLetter_Always_KeepsIdReasonAndSize()
    {
        await using var client = await ConnectAsync();
        await PutIntoDeadLettersAsync(client, "broken", RandomBody(321), "rule C3 is broken");

        for (var look = 0; look < 2; look++)
        {
            var letter = Assert.Single(await client.DeadLetters.ListAsync(10, CancellationToken.None));
            Assert.Equal("broken", letter.MessageId);
            Assert.Equal("rule C3 is broken", letter.Reason);
            Assert.Equal(1, letter.Attempts);
            Assert.Equal(321, letter.Bytes);
            Assert.InRange(
                letter.DeadLetteredAt, TimeProvider.System.GetUtcNow().AddMinutes(-10), TimeProvider.System.GetUtcNow().AddMinutes(10));
        }

        await AssertNothingComesAsync(client, TimeSpan.FromMilliseconds(300));
        Count(1, 1, 1);
    }

    [SkippableFact]
    public async Task DeadLetter_AwkwardReason_IsKept()
    {
        await using var client = await ConnectAsync();
        const string Reason = "line one\r\nX-Header: none\t\"quoted\" ünïcödé 漢字 😀 100%";
        await PutIntoDeadLettersAsync(client, "awkward", RandomBody(1), Reason);

        Assert.Equal(Reason, Assert.Single(await client.DeadLetters.ListAsync(10, CancellationToken.None)).Reason);
        Count(1, 1, 1);
    }

    [SkippableFact]
    public async Task DeadLetter_LongReason_IsCutTo1024Characters()
    {
        await using var client = await ConnectAsync();
        var reason = string.Concat(Enumerable.Range(0, 1000).Select(i => $"{i},"));
        await PutIntoDeadLettersAsync(client, "wordy", RandomBody(1), reason);

        Assert.Equal(reason[..1024], Assert.Single(await client.DeadLetters.ListAsync(10, CancellationToken.None)).Reason);
        Count(1, 1, 1);
    }

    [SkippableFact]
    public async Task Redrive_DeadLetter_DeliversItWholeAndAnew()
    {
        await using var client = await ConnectAsync();
        var body = RandomBody(50_000);
        await PutIntoDeadLettersAsync(client, "mended", body, "a bug");

        Assert.Equal(1, await client.DeadLetters.RedriveAsync(10, CancellationToken.None));

        await using var delivery = await ReceiveOneAsync(client);
        Assert.Equal("mended", delivery.MessageId);
        Assert.Equal(1, delivery.Attempt);
        Assert.Equal(body, delivery.Body.ToArray());
        await delivery.AckAsync(CancellationToken.None);
        await WaitForStatusAsync(client, status => status is { Ready: 0, InFlight: 0, DeadLettered: 0 });
        Assert.Empty(await client.DeadLetters.ListAsync(10, CancellationToken.None));
        Count(1, 1, 1);
    }

    [SkippableFact]
    public async Task Redrive_SetAsideAgain_IsListedOnceWithTheNewReason()
    {
        await using var client = await ConnectAsync();
        await PutIntoDeadLettersAsync(client, "stubborn", RandomBody(10), "first");
        Assert.Equal(1, await client.DeadLetters.RedriveAsync(10, CancellationToken.None));
        await (await ReceiveOneAsync(client)).DeadLetterAsync("second", CancellationToken.None);

        var letter = Assert.Single(await client.DeadLetters.ListAsync(10, CancellationToken.None));
        Assert.Equal("second", letter.Reason);
        Assert.Equal(1, letter.Attempts);
        Count(1, 1, 1);
    }

    [SkippableFact]
    public async Task ListAndRedrive_Limit_TakesTheOldestFirst()
    {
        await using var client = await ConnectAsync();
        for (var i = 0; i < 5; i++)
        {
            await PutIntoDeadLettersAsync(client, $"m{i}", RandomBody(10), "reason");
        }

        await WaitForStatusAsync(client, status => status.DeadLettered == 5);
        Assert.Equal(["m0", "m1"], (await client.DeadLetters.ListAsync(2, CancellationToken.None)).Select(letter => letter.MessageId));
        Assert.Equal(3, await client.DeadLetters.RedriveAsync(3, CancellationToken.None));

        Assert.Equal(["m0", "m1", "m2"], (await DrainAsync(client, ["m0", "m1", "m2"])).Keys.Order());
        Assert.Equal(["m3", "m4"], (await client.DeadLetters.ListAsync(10, CancellationToken.None)).Select(letter => letter.MessageId));
        Count(5, 5, 5);
    }

    [SkippableFact]
    public async Task Redrive_DeadAgainAtOnce_PutsEachBackOnceAndEnds()
    {
        await using var client = await ConnectAsync();
        for (var i = 0; i < 3; i++)
        {
            await PutIntoDeadLettersAsync(client, $"m{i}", RandomBody(10), "reason");
        }

        await WaitForStatusAsync(client, status => status.DeadLettered == 3);
        using var end = new CancellationTokenSource();
        var spoiling = Task.Run(async () =>
        {
            for (var dead = 0; dead < 3;)
            {
                foreach (var delivery in await client.Queue.ReceiveAsync(10, end.Token))
                {
                    await delivery.DeadLetterAsync("again", CancellationToken.None);
                    dead++;
                }
            }
        });

        using var limit = Limit();
        Assert.Equal(3, await client.DeadLetters.RedriveAsync(1000, limit.Token));

        end.CancelAfter(Patience);
        await spoiling;
        await WaitForStatusAsync(client, status => status is { Ready: 0, InFlight: 0, DeadLettered: 3 });
        Assert.All(await client.DeadLetters.ListAsync(10, CancellationToken.None), letter => Assert.Equal("again", letter.Reason));
        Count(3, 3, 3);
    }

    [SkippableFact]
    public async Task ListAndRedrive_NoDeadLetters_FindNothing()
    {
        await using var client = await ConnectAsync();

        Assert.Empty(await client.DeadLetters.ListAsync(1000, CancellationToken.None));
        Assert.Equal(0, await client.DeadLetters.RedriveAsync(1000, CancellationToken.None));
        Count(0, 0, 0);
    }

    [SkippableFact]
    public async Task Redrive_FromAnotherClient_Works()
    {
        var name = Fixture.NewQueueName();
        await using var worker = await ConnectAsync(name);
        await using var operatorClient = await ConnectAsync(name);
        await PutIntoDeadLettersAsync(worker, "shared", RandomBody(10), "reason");

        Assert.Single(await operatorClient.DeadLetters.ListAsync(10, CancellationToken.None));
        Assert.Equal(1, await operatorClient.DeadLetters.RedriveAsync(10, CancellationToken.None));

        await TakeAsync(worker, "shared");
        Count(1, 1, 1);
    }

    [SkippableFact]
    public async Task Discard_DeadLetters_RemovesTheOldestForGood()
    {
        await using var client = await ConnectAsync();
        for (var i = 0; i < 4; i++)
        {
            await PutIntoDeadLettersAsync(client, $"m{i}", RandomBody(10), "reason");
        }

        await WaitForStatusAsync(client, status => status.DeadLettered == 4);
        Assert.Equal(3, await client.DeadLetters.DiscardAsync(DateTimeOffset.MaxValue, 3, CancellationToken.None));
        Assert.Equal("m3", Assert.Single(await client.DeadLetters.ListAsync(10, CancellationToken.None)).MessageId);

        Assert.Equal(1, await client.DeadLetters.RedriveAsync(10, CancellationToken.None));
        await TakeAsync(client, "m3");
        await WaitForStatusAsync(client, status => status is { Ready: 0, InFlight: 0, DeadLettered: 0 });
        Assert.Equal(0, await client.DeadLetters.DiscardAsync(DateTimeOffset.MaxValue, 1000, CancellationToken.None));
        Count(4, 4, 4);
    }

    [SkippableFact]
    public async Task Discard_BeforeATime_LeavesWhatIsNotOlder()
    {
        await using var client = await ConnectAsync();
        await PutIntoDeadLettersAsync(client, "aged", RandomBody(10), "reason");
        var letter = Assert.Single(await client.DeadLetters.ListAsync(10, CancellationToken.None));

        Assert.Equal(0, await client.DeadLetters.DiscardAsync(letter.DeadLetteredAt, 10, CancellationToken.None));
        Assert.Single(await client.DeadLetters.ListAsync(10, CancellationToken.None));

        Assert.Equal(1, await client.DeadLetters.DiscardAsync(letter.DeadLetteredAt.AddMilliseconds(1), 10, CancellationToken.None));
        Assert.Empty(await client.DeadLetters.ListAsync(10, CancellationToken.None));
        Count(1, 1, 1);
    }

    [SkippableFact]
    public async Task Refuse_Message_KeepsIdAndReasonAndNotTheBody()
    {
        await using var client = await ConnectAsync();
        await PublishAsync(client, "useless", RandomBody(50_000));
        await (await ReceiveOneAsync(client)).RefuseAsync("a conflict", CancellationToken.None);
        await PutIntoDeadLettersAsync(client, "whole", RandomBody(10), "reason");

        var letters = await client.DeadLetters.ListAsync(10, CancellationToken.None);
        if (Fixture.KeepsRefused)
        {
            Assert.Equal(("useless", "a conflict", 1, 0L), letters.Select(l => (l.MessageId, l.Reason, l.Attempts, l.Bytes)).First());
        }

        Assert.Equal("whole", letters[^1].MessageId);
        Assert.Equal(Fixture.KeepsRefused ? 2 : 1, letters.Count);

        // Without its body it is of no use in the queue.
        Assert.Equal(1, await client.DeadLetters.RedriveAsync(10, CancellationToken.None));
        await TakeAsync(client, "whole");
        await WaitForStatusAsync(client, status => status is { Ready: 0, InFlight: 0, DeadLettered: 0 });
        Count(2, 2, 2);
    }

    private static async Task PutIntoDeadLettersAsync(QueueClient client, string id, byte[] body, string reason)
    {
        await PublishAsync(client, id, body);
        var delivery = await ReceiveOneAsync(client);
        Assert.Equal(id, delivery.MessageId);
        await delivery.DeadLetterAsync(reason, CancellationToken.None);
    }
}
