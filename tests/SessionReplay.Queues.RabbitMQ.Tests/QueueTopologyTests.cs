namespace SessionReplay.Queues.RabbitMQ.Tests;

public sealed class QueueTopologyTests
{
    [Fact]
    public void Retries_DelaysUpToTheGreatest_HaveOneQueueEach()
    {
        var topology = new QueueTopology(
            new RabbitMQQueueOptions { QueueName = "q", MaxAttempts = 10, MaxRetryDelay = TimeSpan.FromSeconds(5) });

        Assert.Equal(["q.retry.1000ms", "q.retry.2000ms", "q.retry.4000ms", "q.retry.5000ms"], topology.Retries);
        Assert.Equal("q.retry.1000ms", topology.RetryAfter(1));
        Assert.Equal("q.retry.5000ms", topology.RetryAfter(9));
    }

    [Fact]
    public void Retries_OneAttempt_HaveNone()
    {
        Assert.Empty(new QueueTopology(new RabbitMQQueueOptions { MaxAttempts = 1 }).Retries);
    }
}
