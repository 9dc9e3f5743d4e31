using Amazon.SQS;
using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Queues.ConformanceTests;

namespace SessionReplay.Queues.Sqs.Tests;

[Collection(SqsQueueCollection.Name)]
public sealed class SqsMessageQueueTests(SqsQueueFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [SkippableTheory]
    [InlineData("")]
    [InlineData("mine")]
    public async Task ServiceKey_ApplicationsClient_IsUsedAndLeftOpen(string key)
    {
        var options = fixture.Options();
        using var client = new CountingClient(options);
        var services = new ServiceCollection();
        if (key.Length == 0)
        {
            services.AddSingleton<IAmazonSQS>(client);
        }
        else
        {
            services.AddKeyedSingleton<IAmazonSQS>(key, client);
        }

        options.ServiceKey = key;
        options.ServiceUrl = "http://nowhere.invalid";
        await using (var queue = SqsQueueFixture.Create(options, services.BuildServiceProvider()))
        {
            await queue.PublishAsync("one");
            await (await queue.ReceiveOneAsync()).AckAsync(CancellationToken.None);
        }

        Assert.Single(client.Sent);
        Assert.False(client.IsDisposed);
    }

    [SkippableFact]
    public async Task Publish_Concurrently_GathersBatchesWithinTheLimits()
    {
        var options = fixture.Options();
        options.MaxConcurrentRequests = 1;
        options.ServiceKey = "";
        using var client = new CountingClient(options);
        await using var queue = SqsQueueFixture.Create(
            options, new ServiceCollection().AddSingleton<IAmazonSQS>(client).BuildServiceProvider());

        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => queue.PublishAsync($"m{i}", i % 4 == 0 ? 100_000 : 100)));

        Assert.Equal(100, client.Sent.Sum(batch => batch.Count));
        Assert.Contains(client.Sent, batch => batch.Count > 1);
        Assert.All(client.Sent, batch => Assert.InRange(batch.Count, 1, 10));
        Assert.All(client.Sent, batch => Assert.InRange(batch.Sum(SqsMessage.Size), 1, options.MaxMessageBytes));
        var found = new HashSet<string>();
        using var limit = new CancellationTokenSource(Patience);
        while (found.Count < 100)
        {
            var deliveries = await queue.ReceiveAsync(100, limit.Token);
            await Task.WhenAll(deliveries.Select(delivery => delivery.AckAsync(limit.Token).AsTask()));
            found.UnionWith(deliveries.Select(delivery => delivery.MessageId));
        }

        Assert.Contains(client.Deleted, count => count > 1);
    }

    [SkippableFact]
    public async Task Receive_ManyWaiting_FetchesMoreThanOneRequestHolds()
    {
        await using var queue = SqsQueueFixture.Create(fixture.Options());
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => queue.PublishAsync($"m{i}")));

        var deliveries = await queue.ReceiveAsync(45, CancellationToken.None);

        Assert.Equal(45, deliveries.Select(delivery => delivery.MessageId).Distinct().Count());
    }

    [SkippableFact]
    public async Task Receive_ConsumersEndAgainAndAgain_TheServiceMakesADeadLetter()
    {
        var options = fixture.Options();
        options.MaxAttempts = 2;
        options.DeliveryLimit = 2;
        options.LeaseTime = TimeSpan.FromSeconds(1);
        await using var last = SqsQueueFixture.Create(options);
        await last.PublishAsync("poison", 123);
        for (var crash = 0; crash < 2; crash++)
        {
            await using var process = await SqsQueueFixture.HoldAsync(options, 1);
            Assert.Equal(crash + 1, process.Attempts["poison"]);
        }

        using var end = new CancellationTokenSource();
        var receiving = last.ReceiveAsync(1, end.Token).AsTask();
        using var limit = new CancellationTokenSource(Patience);
        while ((await last.GetStatusAsync(limit.Token)).DeadLettered == 0)
        {
            await Task.Delay(50, limit.Token);
        }

        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving);
        var letter = Assert.Single(await last.ListAsync(10, limit.Token));
        Assert.Equal(("poison", 2, 123), (letter.MessageId, letter.Attempts, letter.Bytes));
        Assert.Contains("redrive policy", letter.Reason, StringComparison.Ordinal);
        Assert.Equal(1, await last.RedriveAsync(10, limit.Token));
        var delivery = await last.ReceiveOneAsync();
        Assert.Equal(("poison", 1), (delivery.MessageId, delivery.Attempt));
    }

    [SkippableFact]
    public async Task Receive_SomeoneElsesMessage_IsHandedOutAsItIs()
    {
        var options = fixture.Options();
        await using var queue = SqsQueueFixture.Create(options);
        await queue.GetStatusAsync(CancellationToken.None);
        using (var client = new CountingClient(options))
        {
            await client.SendMessageAsync((await client.GetQueueUrlAsync(options.QueueName)).QueueUrl, "héllo");
        }

        var delivery = await queue.ReceiveOneAsync();

        Assert.Equal("héllo"u8.ToArray(), delivery.Body.ToArray());
        Assert.NotEmpty(delivery.MessageId);
        await delivery.DeadLetterAsync("not ours", CancellationToken.None);
        Assert.Equal(
            ("not ours", 6), (await queue.ListAsync(10, CancellationToken.None)).Select(letter => (letter.Reason, letter.Bytes)).Single());
    }

    [SkippableFact]
    public async Task DeadLetter_GreatestBodyLongestReasonAndIds_FitsTheServicesLimit()
    {
        await using var queue = SqsQueueFixture.Create(fixture.Options());
        var id = new string('%', 128);
        await queue.PublishAsync(new QueueMessage(id, id, new byte[queue.MaxMessageBytes]), CancellationToken.None);
        var reason = new string('漢', 1024);

        await (await queue.ReceiveOneAsync()).DeadLetterAsync(reason, CancellationToken.None);

        var letter = Assert.Single(await queue.ListAsync(10, CancellationToken.None));
        Assert.Equal((id, reason), (letter.MessageId, letter.Reason));
    }

    [SkippableFact]
    public async Task Publish_ServiceSaysNothingOfAnEntry_IsNotTakenForDone()
    {
        var options = fixture.Options();
        options.MaxConcurrentRequests = 1;
        options.ServiceKey = "";
        using var client = new CountingClient(options)
        {
            IsUnanswered = entry => entry.MessageAttributes["sr-id"].StringValue is "m3" or "m7",
        };
        await using var queue = SqsQueueFixture.Create(
            options, new ServiceCollection().AddSingleton<IAmazonSQS>(client).BuildServiceProvider());

        var publishes = Enumerable.Range(0, 10).Select(i => queue.PublishAsync($"m{i}")).ToArray();
        await Task.WhenAll(publishes).ContinueWith(_ => { }, TaskScheduler.Default);

        Assert.Equal([3, 7], Enumerable.Range(0, 10).Where(i => publishes[i].IsFaulted));
        Assert.All([3, 7], i => Assert.IsType<QueueUnavailableException>(publishes[i].Exception!.InnerException));
    }

    [SkippableFact]
    public async Task Redrive_PartOfABatchIsNotTaken_RestIsNotSentTwice()
    {
        var options = fixture.Options();
        options.ServiceKey = "";
        using var client = new CountingClient(options);
        await using var queue = SqsQueueFixture.Create(
            options, new ServiceCollection().AddSingleton<IAmazonSQS>(client).BuildServiceProvider());
        for (var i = 0; i < 3; i++)
        {
            await queue.PublishAsync($"m{i}");
            await (await queue.ReceiveOneAsync()).DeadLetterAsync("reason", CancellationToken.None);
        }

        client.IsUnanswered = entry => entry.MessageAttributes["sr-id"].StringValue == "m1";
        await Assert.ThrowsAsync<QueueUnavailableException>(() => queue.RedriveAsync(10, CancellationToken.None).AsTask());

        client.IsUnanswered = _ => false;
        Assert.Equal("m1", Assert.Single(await queue.ListAsync(10, CancellationToken.None)).MessageId);
        Assert.Equal(1, await queue.RedriveAsync(10, CancellationToken.None));
    }

    [SkippableFact]
    public async Task Message_FillsTheServicesLimitAndHasStrangeAttributes_IsPutBackByARedrive()
    {
        var options = fixture.Options();
        await using var queue = SqsQueueFixture.Create(options);
        await queue.GetStatusAsync(CancellationToken.None);
        using var client = new CountingClient(options);
        var dead = (await client.GetQueueUrlAsync(options.QueueName + "-dead")).QueueUrl;
        await client.SendMessageAsync(dead, new string('x', options.MaxMessageBytes));
        await client.SendMessageAsync(new Amazon.SQS.Model.SendMessageRequest(dead, "small")
        {
            MessageAttributes = new[] { "sr-id", "sr-partition", "sr-attempts", "sr-reason" }
                .ToDictionary(
                    name => name,
                    _ => new Amazon.SQS.Model.MessageAttributeValue { DataType = "String", StringValue = new string(' ', 40_000) }),
        });

        var letters = await queue.ListAsync(10, CancellationToken.None);
        Assert.Equal(2, letters.Count);
        Assert.All(letters, letter => Assert.InRange(letter.MessageId.Length, 1, 128));
        Assert.Equal(2, await queue.RedriveAsync(10, CancellationToken.None));

        var found = 0;
        using var limit = new CancellationTokenSource(Patience);
        while (found < 2)
        {
            var deliveries = await queue.ReceiveAsync(10, limit.Token);
            await Task.WhenAll(deliveries.Select(delivery => delivery.AckAsync(limit.Token).AsTask()));
            found += deliveries.Count;
        }
    }

    [SkippableFact]
    public async Task GetStatus_MessageIsHeld_TellsItsAgeAndForgetsItWhenItIsSettled()
    {
        var queues = fixture.Options();
        await using var queue = SqsQueueFixture.Create(queues);
        await using var other = SqsQueueFixture.Create(queues);
        await queue.PublishAsync("one");
        Assert.Null((await queue.GetStatusAsync(CancellationToken.None)).OldestAge);
        var delivery = await queue.ReceiveOneAsync();

        using var limit = new CancellationTokenSource(Patience);
        while ((await queue.GetStatusAsync(limit.Token)).OldestAge is not { } age || age < TimeSpan.FromMilliseconds(500))
        {
            await Task.Delay(50, limit.Token);
        }

        Assert.InRange((await queue.GetStatusAsync(limit.Token)).OldestAge!.Value, TimeSpan.FromMilliseconds(500), Patience);
        Assert.Null((await other.GetStatusAsync(limit.Token)).OldestAge);
        await delivery.AckAsync(limit.Token);
        Assert.Null((await queue.GetStatusAsync(limit.Token)).OldestAge);
    }

    [SkippableFact]
    public async Task DeadLetter_NoReason_IsTheAdaptersOwn()
    {
        await using var queue = SqsQueueFixture.Create(fixture.Options());
        await queue.PublishAsync("one");

        await (await queue.ReceiveOneAsync()).DeadLetterAsync("", CancellationToken.None);

        Assert.Equal(
            ("", 1), (await queue.ListAsync(10, CancellationToken.None)).Select(letter => (letter.Reason, letter.Attempts)).Single());
    }

    [SkippableFact]
    public async Task Redrive_ManyLargeDeadLetters_MovesAllOfThem()
    {
        await using var queue = SqsQueueFixture.Create(fixture.Options());
        var ids = Enumerable.Range(0, 35).Select(i => $"m{i}").ToArray();
        await Task.WhenAll(ids.Select((id, i) => queue.PublishAsync(id, i % 3 == 0 ? 150_000 : 10)));
        using var limit = new CancellationTokenSource(Patience);
        for (var aside = 0; aside < ids.Length;)
        {
            var deliveries = await queue.ReceiveAsync(100, limit.Token);
            await Task.WhenAll(deliveries.Select(delivery => delivery.DeadLetterAsync("reason", limit.Token).AsTask()));
            aside += deliveries.Count;
        }

        Assert.Equal(ids.Order(), (await queue.ListAsync(1000, limit.Token)).Select(letter => letter.MessageId).Order());
        Assert.Equal(35, await queue.RedriveAsync(1000, limit.Token));

        Assert.Equal(new QueueStatus(35, 0, 0, null), await queue.GetStatusAsync(limit.Token));
    }
}
