using SessionReplay.Catalog;
using SessionReplay.Testing;
using Xunit;

namespace SessionReplay.Storage.ConformanceTests;

/// <content>Values of the outside: whatever ingest lets through is recorded, read and searched.</content>
public abstract partial class CatalogConformance
{
    private const int MaxText = 64;

    [SkippableFact]
    public async Task Record_HostileTextsWithinTheBoundsOfIngest_AreAllRecordedAndRead()
    {
        var window = WindowId.Create(TimeProvider.System);
        foreach (var (name, text) in HostileTexts.Around(MaxText).Where(t => t.Text.Length > 0))
        {
            var session = NewSession();
            var label = DatabaseText.Truncate(text, MaxText);
            var delta = new SessionDelta { Browser = label, Os = label, Device = label, User = new(Start, new byte[] { 1 }),
                Terms = [Index(1)] };

            var error = await Xunit.Record.ExceptionAsync(
                async () => Assert.Equal([RecordOutcome.Recorded], await Writer.RecordAsync([Chunk(session, window, 0, delta)], default)));

            Assert.True(error is null, $"{name}: {error}");
            Assert.Equal(DatabaseText.Of(label), (await Reader.FindSessionAsync(session, default))!.Totals.Browser);
            Assert.Contains(session, (await SearchAsync(q => q with { Os = label, Limit = 200 })).Sessions.Select(row => row.Session));
        }
    }

    public static TheoryData<int> Counts => [0, 1, int.MaxValue - 1, int.MaxValue];

    [SkippableTheory]
    [MemberData(nameof(Counts))]
    public async Task Record_NumbersAtTheirLimits_StopAtTheGreatest(int count)
    {
        var session = NewSession();
        var window = WindowId.Create(TimeProvider.System);
        var delta = new SessionDelta
        {
            Pages = count, Errors = count, Clicks = count, RageClicks = count, Requests = count, FailedRequests = count, LostEvents = count,
            ViewportWidth = count, ViewportHeight = count,
        };
        for (uint seq = 0; seq < 3; seq++)
        {
            Assert.Equal([RecordOutcome.Recorded], await Writer.RecordAsync([Chunk(session, window, seq, delta)], default));
        }

        var expected = (int)Math.Min(3L * count, int.MaxValue);
        foreach (var totals in new[] { (await Reader.FindSessionAsync(session, default))!.Totals,
            (await SearchAsync(q => q)).Sessions.Single().Totals })
        {
            Assert.All(
                [totals.Pages, totals.Errors, totals.Clicks, totals.RageClicks, totals.Requests, totals.FailedRequests, totals.LostEvents],
                total => Assert.Equal(expected, total));
            Assert.Equal((count, count), (totals.ViewportWidth, totals.ViewportHeight));
        }
    }

    public static TheoryData<long, long, long, long> Times => new()
    {
        // First and second offset of the window's chunks, first and second time: what counts for the second chunk is the first one's
        // offset.
        { Start, 0, 1_000, Start }, { -Start, 0, 2 * Start, Start }, { 0, Start, Start, 1_000 }, { 0, 0, (1L << 53) - 1, Start },
        { 0, 0, 0, 0 }, { 0, 0, Start, 0 },
    };

    [SkippableTheory]
    [MemberData(nameof(Times))]
    public async Task Record_TimesOutOfRange_ComeToLieAroundTheTimeReceived(long firstOffset, long secondOffset, long first, long second)
    {
        var session = NewSession();
        var window = WindowId.Create(TimeProvider.System);
        foreach (var (seq, offset, time) in new[] { (0u, firstOffset, first), (1u, secondOffset, second) })
        {
            var chunk = Chunk(session, window, seq, new() { User = new(time, new byte[] { (byte)seq }) });
            chunk = chunk with { Header = chunk.Header with { FirstTime = time, LastTime = time }, ClockOffset = offset };
            Assert.Equal([RecordOutcome.Recorded], await Writer.RecordAsync([chunk], default));
        }

        var row = (await Reader.FindSessionAsync(session, default))!;
        var received = Start + 1_700 + EventClock.MaxAhead;
        Assert.InRange(row.StartedAt, received - EventClock.MaxAge - EventClock.MaxAhead - 1_000, received);
        Assert.InRange(row.LastActivityAt, row.StartedAt, received);
        Assert.InRange(row.Totals.User!.Time, received - EventClock.MaxAge - EventClock.MaxAhead - 1_000, received);
    }
}
