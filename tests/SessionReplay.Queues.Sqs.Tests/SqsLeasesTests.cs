using Amazon.SQS;
using Microsoft.Extensions.DependencyInjection;

namespace SessionReplay.Queues.Sqs.Tests;

[Collection(SqsQueueCollection.Name)]
public sealed class SqsLeasesTests(SqsQueueFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly SqsQueueOptions _options = fixture.Options();

    [SkippableFact]
    public async Task Retry_WhileARenewalIsUnderWay_IsNotUndoneByIt()
    {
        var (queue, client) = Create();
        await using var _ = queue;
        var delivery = await PublishAndReceiveAsync(queue);
        var renewal = new TaskCompletionSource();
        client.BeforeHiding = seconds => seconds == 6 ? renewal.Task : Task.CompletedTask;
        await WaitAsync(() => !client.Hidden.IsEmpty);

        var retry = delivery.RetryAsync("later", CancellationToken.None).AsTask();
        await Task.Delay(200);
        Assert.Equal([6], client.Hidden);
        renewal.SetResult();
        await retry;

        Assert.Equal([6, 2], client.Hidden);
    }

    [SkippableFact]
    public async Task Renewal_DeliveryIsNoLongerOurs_IsGivenUp()
    {
        var (queue, client) = Create();
        await using var _ = queue;
        var delivery = await PublishAndReceiveAsync(queue);
        await client.PurgeQueueAsync(await UrlAsync(client));
        await WaitAsync(() => !client.Hidden.IsEmpty);
        await Task.Delay(TimeSpan.FromSeconds(3));

        Assert.Equal([6], client.Hidden);
        await Assert.ThrowsAsync<QueueUnavailableException>(() => delivery.RetryAsync("late", CancellationToken.None).AsTask());
    }

    private async Task<string> UrlAsync(CountingClient client) => (await client.GetQueueUrlAsync(_options.QueueName)).QueueUrl;

    private (SqsMessageQueue Queue, CountingClient Client) Create()
    {
        _options.LeaseTime = TimeSpan.FromSeconds(6);
        _options.FirstRetryDelay = TimeSpan.FromSeconds(2);
        _options.ServiceKey = "";
        var client = new CountingClient(_options);
        return (SqsQueueFixture.Create(_options, new ServiceCollection().AddSingleton<IAmazonSQS>(client).BuildServiceProvider()), client);
    }

    private static async Task<IQueueDelivery> PublishAndReceiveAsync(SqsMessageQueue queue)
    {
        await queue.PublishAsync(new QueueMessage("one", "session", new byte[10]), CancellationToken.None);
        using var limit = new CancellationTokenSource(Patience);
        return Assert.Single(await queue.ReceiveAsync(1, limit.Token));
    }

    private static async Task WaitAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!condition())
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
