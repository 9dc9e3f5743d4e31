using SessionReplay.Queues;

namespace SessionReplay.Shared.Tests.Queues;

public sealed class QueueArgumentsTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(50);

    [Theory]
    [InlineData("", "p")]
    [InlineData("é", "p")]
    [InlineData("id", "")]
    [InlineData("id", null)]
    public void Check_NameThatIsNotAllowed_Throws(string id, string? partitionKey) =>
        Assert.Throws<ArgumentException>(() => QueueArguments.Check(new QueueMessage(id, partitionKey!, default)));

    [Fact]
    public void Check_LongestNames_AreAllowedAndLongerOnesAreNot()
    {
        QueueArguments.Check(new QueueMessage(new string('a', 128), new string('b', 128), default));

        Assert.Throws<ArgumentException>(() => QueueArguments.Check(new QueueMessage(new string('a', 129), "b", default)));
    }

    [Fact]
    public void CheckSize_LargerThanTheLimit_ThrowsAndSaysBoth()
    {
        QueueArguments.CheckSize(new QueueMessage("id", "p", new byte[10]), 10);

        var refusal = Assert.Throws<MessageTooLargeException>(
            () => QueueArguments.CheckSize(new QueueMessage("id", "p", new byte[11]), 10));
        Assert.Equal((11, 10), (refusal.Size, refusal.Limit));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public void CheckBatch_OutOfRange_Throws(int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => QueueArguments.CheckBatch(count));

    [Theory]
    [InlineData(null, 0)]
    [InlineData("", 0)]
    [InlineData("-1", 0)]
    [InlineData(" 1", 0)]
    [InlineData("99999999999999999999", 0)]
    [InlineData("42", 42)]
    public void ReadNumber_AnyText_NeverThrows(string? digits, long expected) => Assert.Equal(expected, QueueArguments.ReadNumber(digits));

    [Theory]
    [InlineData(-5, 0)]
    [InlineData(7, 7)]
    [InlineData(long.MaxValue, 1_000_000)]
    public void ReadCount_AnyNumber_IsClamped(long count, int expected) => Assert.Equal(expected, QueueArguments.ReadCount(count));

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void ReadTime_AnyNumber_NeverThrows(long milliseconds) =>
        Assert.InRange(QueueArguments.ReadTime(milliseconds), DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue);

    [Fact]
    public void ReadName_NotAllowed_IsReplaced()
    {
        Assert.Equal("id", QueueArguments.ReadName("id", "other"));
        Assert.Equal("other", QueueArguments.ReadName("é", "other"));
        Assert.Equal("other", QueueArguments.ReadName(null, "other"));
    }

    [Fact]
    public void KeepReason_Long_IsTruncated()
    {
        Assert.Equal("why", QueueArguments.KeepReason("why"));
        Assert.Equal(1024, QueueArguments.KeepReason(new string('x', 5000)).Length);
        Assert.Throws<ArgumentNullException>(() => QueueArguments.KeepReason(null!));
    }

    [Fact]
    public void Age_ClocksDiffer_IsNeverNegative()
    {
        Assert.Equal(TimeSpan.FromSeconds(5), QueueArguments.Age(Now.AddSeconds(-5).ToUnixTimeMilliseconds(), Now));
        Assert.Equal(TimeSpan.Zero, QueueArguments.Age(Now.AddSeconds(5), Now));
        Assert.Null(QueueArguments.Age(0, Now));
    }
}
