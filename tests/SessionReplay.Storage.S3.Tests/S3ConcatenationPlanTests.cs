namespace SessionReplay.Storage.S3.Tests;

public sealed class S3ConcatenationPlanTests
{
    private const long Least = 5;
    private const long MaxCopied = 20;

    [Fact]
    public void TryCreate_OnlySmallSegments_IsRefused() =>
        Assert.False(S3ConcatenationPlan.TryCreate([new("a", 0, 4), new("b", 0, 4)], Least, MaxCopied, 100, out _));

    [Fact]
    public void TryCreate_TooManyParts_IsRefused() =>
        Assert.False(S3ConcatenationPlan.TryCreate([new("a", 0, 10), new("b", 0, 10)], Least, MaxCopied, 1, out _));

    [Fact]
    public void TryCreate_HeaderBeforeLargeSegment_FillsTheFirstPartFromIt()
    {
        Assert.True(
            S3ConcatenationPlan.TryCreate([new(new byte[2]), new("a", 7, 12), new(new byte[1])], Least, MaxCopied, 100, out var plan));

        Assert.Equal(3, plan.Count);
        Assert.Equal([2L, 3L], plan[0].Gathered.Select(s => s.Length));
        Assert.Equal(("a", 10L, 9L), (plan[1].CopyOf!.Value.Key, plan[1].CopyOf!.Value.Offset, plan[1].CopyOf!.Value.Length));
        Assert.Equal(1, Assert.Single(plan[2].Gathered).Length);
    }

    [Fact]
    public void TryCreate_RandomSegments_PlansKeepEveryByteInOrderWithinTheLimits()
    {
        var random = new Random(7);
        for (var round = 0; round < 2000; round++)
        {
            var segments = Enumerable.Range(0, random.Next(1, 12)).Select(i => random.Next(3) == 0
                ? new BlobSegment(new byte[random.Next(1, 4)])
                : new BlobSegment($"k{i}", random.Next(100), random.Next(1, 70))).ToList();
            if (!S3ConcatenationPlan.TryCreate(segments, Least, MaxCopied, 1000, out var plan))
            {
                continue;
            }

            var planned = plan.SelectMany(p => p.CopyOf is { } copy ? [copy] : p.Gathered).SelectMany(Bytes);
            Assert.Equal(segments.SelectMany(Bytes), planned);
            for (var i = 0; i < plan.Count; i++)
            {
                var length = plan[i].CopyOf?.Length ?? plan[i].Gathered.Sum(s => s.Length);
                Assert.True(i == plan.Count - 1 || length >= Least, $"part {i} of round {round} has {length} bytes");
                Assert.True(plan[i].CopyOf is null || length <= MaxCopied);
            }
        }
    }

    /// <summary>Names every byte of a segment by where it comes from.</summary>
    private static IEnumerable<(string? Key, long At)> Bytes(BlobSegment segment)
    {
        for (long i = 0; i < segment.Length; i++)
        {
            yield return (segment.Key, segment.Key is null ? 0 : segment.Offset + i);
        }
    }
}
