using Amazon.SQS;
using Amazon.SQS.Model;
using SessionReplay.Queues.ConformanceTests;

namespace SessionReplay.Queues.Sqs.Tests;

[Collection(SqsQueueCollection.Name)]
public sealed class SqsSetupTests(SqsQueueFixture fixture)
{
    [SkippableFact]
    public async Task FirstCall_NoQueues_CreatesThemWithTheSettings()
    {
        var options = fixture.Options();
        options.Retention = TimeSpan.FromDays(3);
        options.DeliveryLimit = 77;
        options.ServerSideEncryption = "KMS";
        options.KmsKeyId = "alias/mine";
        await using var queue = SqsQueueFixture.Create(options);
        await queue.GetStatusAsync(CancellationToken.None);

        using var client = new CountingClient(options);
        var main = await ReadAsync(client, options.QueueName);
        var dead = await ReadAsync(client, options.QueueName + "-dead");

        Assert.Equal(
            ("259200", "262144", "alias/mine"), (main["MessageRetentionPeriod"], main["MaximumMessageSize"], main["KmsMasterKeyId"]));
        Assert.Equal(
            ("259200", "262144", "alias/mine"), (dead["MessageRetentionPeriod"], dead["MaximumMessageSize"], dead["KmsMasterKeyId"]));
        Assert.Contains(dead["QueueArn"], main["RedrivePolicy"], StringComparison.Ordinal);
        Assert.Contains("77", main["RedrivePolicy"], StringComparison.Ordinal);
        Assert.DoesNotContain("RedrivePolicy", dead.Keys);
    }

    [SkippableFact]
    public async Task FirstCall_TwoProcessesAtOnce_BothFindTheQueues()
    {
        var options = fixture.Options();
        var queues = Enumerable.Range(0, 4).Select(_ => SqsQueueFixture.Create(options)).ToArray();

        await Task.WhenAll(queues.Select((queue, i) => queue.PublishAsync($"m{i}", 10)));

        Assert.Equal(4, (await queues[0].GetStatusAsync(CancellationToken.None)).Ready);
        await Task.WhenAll(queues.Select(queue => queue.DisposeAsync().AsTask()));
    }

    [SkippableFact]
    public async Task FirstCall_NoQueueAndNotToCreate_Throws()
    {
        var options = fixture.Options();
        options.CreateIfMissing = false;
        await using var queue = SqsQueueFixture.Create(options);

        await Assert.ThrowsAsync<QueueUnavailableException>(() => queue.PublishAsync("one", 10));
    }

    [SkippableFact]
    public async Task QueueUrl_Given_IsUsedAndNothingIsCreated()
    {
        var options = fixture.Options();
        using var client = new CountingClient(options);
        options.QueueUrl = (await client.CreateQueueAsync(fixture.NewQueueName())).QueueUrl;
        options.DeadLetterQueueUrl = (await client.CreateQueueAsync(fixture.NewQueueName())).QueueUrl;
        await using var queue = SqsQueueFixture.Create(options);
        await queue.PublishAsync("one", 10);
        await (await queue.ReceiveAsync(1, CancellationToken.None))[0].DeadLetterAsync("reason", CancellationToken.None);

        Assert.Equal(1, (await queue.GetStatusAsync(CancellationToken.None)).DeadLettered);
        await Assert.ThrowsAsync<QueueDoesNotExistException>(() => client.GetQueueUrlAsync(options.QueueName));
    }

    [SkippableFact]
    public async Task MaxMessageBytes_QueueTakesLess_FollowsTheQueue()
    {
        var options = fixture.Options();
        options.MaxMessageBytes = 1_048_576;
        using (var client = new CountingClient(options))
        {
            await client.CreateQueueAsync(new CreateQueueRequest
            {
                QueueName = options.QueueName, Attributes = new() { [QueueAttributeName.MaximumMessageSize] = "200000" },
            });
        }

        await using var queue = SqsQueueFixture.Create(options);
        Assert.Equal(781_824, queue.MaxMessageBytes);
        var refusal = await Assert.ThrowsAsync<MessageTooLargeException>(() => queue.PublishAsync("large", 500_000));

        Assert.Equal(145_392, refusal.Limit);
        Assert.Equal(145_392, queue.MaxMessageBytes);
        await queue.PublishAsync("fits", queue.MaxMessageBytes);
    }

    [SkippableFact]
    public async Task MaxMessageBytes_OneMebibyte_TakesAndSetsAsideTheGreatestBody()
    {
        var options = fixture.Options();
        options.MaxMessageBytes = 1_048_576;
        await using var queue = SqsQueueFixture.Create(options);
        await queue.PublishAsync("greatest", queue.MaxMessageBytes);

        await (await queue.ReceiveAsync(1, CancellationToken.None))[0].DeadLetterAsync(new string('漢', 1024), CancellationToken.None);

        Assert.Equal(781_824, Assert.Single(await queue.ListAsync(10, CancellationToken.None)).Bytes);
        Assert.Equal(1, await queue.RedriveAsync(10, CancellationToken.None));
        Assert.Equal(781_824, (await queue.ReceiveAsync(1, CancellationToken.None))[0].Body.Length);
    }

    [SkippableFact]
    public async Task Publish_QueueWasDeleted_CreatesItAgain()
    {
        var options = fixture.Options();
        await using var queue = SqsQueueFixture.Create(options);
        await queue.PublishAsync("before", 10);
        using (var client = new CountingClient(options))
        {
            await client.DeleteQueueAsync((await client.GetQueueUrlAsync(options.QueueName)).QueueUrl);
        }

        await Assert.ThrowsAsync<QueueUnavailableException>(() => queue.PublishAsync("refused", 10));
        await queue.PublishAsync("after", 10);

        Assert.Equal("after", (await queue.ReceiveAsync(1, CancellationToken.None))[0].MessageId);
    }

    private static async Task<Dictionary<string, string>> ReadAsync(CountingClient client, string name)
    {
        var url = (await client.GetQueueUrlAsync(name)).QueueUrl;
        return (await client.GetQueueAttributesAsync(url, ["All"])).Attributes;
    }
}
