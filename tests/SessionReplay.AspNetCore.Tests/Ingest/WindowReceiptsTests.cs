using SessionReplay.AspNetCore.Ingest;

namespace SessionReplay.AspNetCore.Tests.Ingest;

public sealed class WindowReceiptsTests
{
    private static readonly SessionRef Session = new(new("shop"), BatchSamples.NewSession());
    private static readonly WindowId Window = WindowId.Create(TimeProvider.System);

    [Theory]
    [InlineData("0", "0-0")]
    [InlineData("0 1 2", "0-2")]
    [InlineData("2 1 0", "0-2")]
    [InlineData("0 2", "0-0 2-2")]
    [InlineData("0 2 1", "0-2")]
    [InlineData("5 0 3 4 4 5", "0-0 3-5")]
    [InlineData("0 1 5 6 3 2 4", "0-6")]
    [InlineData("1000000 4294967295 0", "0-0 1000000-1000000 4294967295-4294967295")]
    public void Add_InAnyOrder_GivesRanges(string added, string expected)
    {
        var receipts = new WindowReceipts();
        IReadOnlyList<uint[]> ranges = [];
        foreach (var seq in added.Split(' '))
        {
            ranges = receipts.Add(Name(uint.Parse(seq, System.Globalization.CultureInfo.InvariantCulture)));
        }

        Assert.Equal(expected, string.Join(' ', ranges.Select(range => $"{range[0]}-{range[1]}")));
    }

    [Fact]
    public void Add_InRandomOrder_VouchesForNothingElse()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var receipts = new WindowReceipts();
            var known = new HashSet<uint>();
            for (var i = 0; i < 60; i++)
            {
                var seq = (uint)random.Next(80);
                known.Add(seq);
                var ranges = receipts.Add(Name(seq));
                var acknowledged =
                    ranges.SelectMany(range => Enumerable.Range((int)range[0], (int)(range[1] - range[0] + 1)).Select(n => (uint)n))
                    .ToList();
                Assert.Contains(seq, acknowledged);
                Assert.Empty(acknowledged.Except(known));
                Assert.InRange(ranges.Count, 1, 16);
            }
        }
    }

    [Fact]
    public void Add_OtherWindowsAndSessions_AreKeptApart()
    {
        var receipts = new WindowReceipts();
        receipts.Add(Name(0));
        Assert.Equal(1u, receipts.Add(Name(1) with { Window = WindowId.Create(TimeProvider.System) })[0][0]);
        Assert.Equal(1u, receipts.Add(Name(1) with { Tenant = new("other") })[0][0]);
    }

    [Fact]
    public void Reserve_AnotherDigestOfAKnownNumber_IsAConflict()
    {
        var receipts = new WindowReceipts();
        receipts.Reserve(Name(3), new(1, 2));

        receipts.Reserve(Name(3), new(1, 2));
        receipts.Reserve(Name(4), new(9, 9));
        receipts.Reserve(Name(3) with { Tenant = new("other") }, new(9, 9));
        Assert.Equal("batch-conflict", Assert.Throws<IngestRejectedException>(() => receipts.Reserve(Name(3), new(1, 3))).Code);
        Assert.Equal("batch-conflict", Assert.Throws<IngestRejectedException>(() => receipts.Reserve(Name(3), new(2, 2))).Code);
    }

    private static ChunkId Name(uint seq) => new(Session.Tenant, Session.Session, Window, seq);
}
