using Confluent.Kafka;

namespace SessionReplay.Queues.Kafka.Tests;

public sealed class FlowControlTests
{
    private readonly FlowControl _flow = new(new KafkaQueueOptions { MaxUnsettled = 100, MaxBufferedBytes = 1000 });

    [Theory]
    [InlineData(99, 0, false, false)]
    [InlineData(100, 0, true, true)]
    [InlineData(50, 50, false, true)]
    [InlineData(99, 50, false, true)]
    [InlineData(100, 50, true, true)]
    [InlineData(120, 80, false, true)]
    public void Update_Messages_DelayedNeverStopTheOthers(int count, int delayed, bool isFull, bool isRetryFull)
    {
        _flow.Update(count, 0, Delayed(delayed, 0));

        Assert.Equal((isFull, isRetryFull), (_flow.IsFull, _flow.IsRetryFull));
    }

    [Fact]
    public void Update_Full_GoesOnWhenAQuarterIsFree()
    {
        foreach (var (count, isFull) in new[] { (100, true), (99, true), (75, true), (74, false), (99, false), (100, true) })
        {
            _flow.Update(count, 0, Delayed(0, 0));
            Assert.Equal(isFull, _flow.IsFull);
        }
    }

    [Fact]
    public void Update_LargeMessages_AreBoundedByTheirBytes()
    {
        _flow.Update(2, 1000, Delayed(0, 0));
        Assert.True(_flow.IsFull);

        _flow.Update(2, 1000, Delayed(1, 800));
        Assert.Equal((false, true), (_flow.IsFull, _flow.IsRetryFull));
    }

    private static DelayedMessages Delayed(int count, int bytes)
    {
        var delayed = new DelayedMessages();
        var partition = new PartitionState(new TopicPartition("retry", 0), isRetry: true, start: 0);
        for (var i = 0; i < count; i++)
        {
            delayed.Add(new BufferedMessage(partition, i, [], new byte[bytes], new MessageHeaders("id", 1)), due: 1);
        }

        return delayed;
    }
}
