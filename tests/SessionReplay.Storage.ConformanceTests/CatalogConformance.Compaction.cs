using SessionReplay.Catalog;
using SessionReplay.Testing;
using Xunit;

namespace SessionReplay.Storage.ConformanceTests;

/// <content>Claims and compaction.</content>
public abstract partial class CatalogConformance
{
    [SkippableFact]
    public async Task Compaction_ClaimMoveAndLateChunk_MapsEveryChunkToItsPlace()
    {
        var session = await AddAsync(0, new(), chunks: 3);
        await Lifecycle.EndSessionsAsync(At(10), At(10), At(20), default);

        Assert.Equal(1, (await ClaimOneAsync(Lifecycle, session, 30, 60)).Number);
        Assert.DoesNotContain(session, await ClaimAsync(OtherLifecycle, 40, 70));
        var claim = await ClaimOneAsync(OtherLifecycle, session, 60, 90);
        Assert.Equal((2, 3, (string?)null), (claim.Number, claim.Row.Chunks, claim.Row.RecordingKey));

        var before = await Reader.ListChunksAsync(session, default);
        var moved = before.Select((c, i) => new MovedChunk(c.Window, c.Seq, c.Location, new("recording", 16 + (i * 100), 100))).ToList();
        // One of them was moved by somebody else meanwhile: it is left alone.
        moved[1] = moved[1] with { From = new("elsewhere", 0, 100) };
        string[] replaced = [.. moved.Select(m => m.From.BlobKey!), before[1].Location.BlobKey!, "recording of a claim before"];
        string[] superfluous = [.. replaced.Except([before[1].Location.BlobKey!])];
        AssertKeys(superfluous, await Lifecycle.CompleteCompactionAsync(claim, Recording("recording", moved, replaced), default));

        var after = await Reader.ListChunksAsync(session, default);
        Assert.Equal([moved[0].To, before[1].Location, moved[2].To], after.Select(c => c.Location));
        Assert.Equal("recording", (await Reader.FindSessionAsync(session, default))!.RecordingKey);
        Assert.Equal([RecordOutcome.Recorded], await Writer.RecordAsync([Chunk(session, before[0].Window, 99)], default));
        Assert.Equal("part-99", (await Reader.ListChunksAsync(session, default))[3].Location.BlobKey);
        Assert.DoesNotContain(session, await ClaimAsync(Lifecycle, 1000, 2000));
        // The answer was lost and the call is made again.
        AssertKeys(superfluous, await Lifecycle.CompleteCompactionAsync(claim, Recording("recording", moved, replaced), default));
        Assert.Equal(
            [moved[0].To, before[1].Location, moved[2].To],
            (await Reader.ListChunksAsync(session, default)).Take(3).Select(c => c.Location));
        Assert.Null(
            await Lifecycle.CompleteCompactionAsync(
                claim with { Row = claim.Row with { Session = NewSession() } }, Recording("recording", []), default));
    }

    [SkippableFact]
    public async Task Replaced_Objects_AreListedUntilTheyAreForgottenOrTheirSessionIsDeleted()
    {
        var sessions = new List<SessionRef>();
        for (var i = 0; i < 3; i++)
        {
            sessions.Add(await AddAsync(0, new()));
            await Lifecycle.EndSessionsAsync(At(10), At(10), At(20), default);
            var claim = await ClaimOneAsync(Lifecycle, sessions[i], 30, 60);
            AssertKeys(
                ["x", "y", "z"], await Lifecycle.CompleteCompactionAsync(claim, Recording("recording", [], ["x", "y", "z"]), default));
        }

        var listed = await ListReplacedAsync(2);
        Assert.Equal(sessions.SelectMany(s => new[] { (s, "x"), (s, "y"), (s, "z") }).ToHashSet(), listed.ToHashSet());
        Assert.Equal(9, listed.Count);
        Assert.All(listed.Chunk(3), ofOne => Assert.Single(ofOne.Select(o => o.Session).Distinct()));

        await OtherLifecycle.ForgetReplacedAsync(sessions[0], ["x", "y", "never noted"], default);
        await OtherLifecycle.ForgetReplacedAsync(NewSession(), ["x"], default);
        await Lifecycle.DeleteSessionAsync(sessions[1], At(100), default);

        Assert.Equal(
            [(sessions[0], "z"), (sessions[2], "x"), (sessions[2], "y"), (sessions[2], "z")],
            (await ListReplacedAsync(1000)).OrderBy(o => sessions.IndexOf(o.Session)));
    }

    [SkippableFact]
    public async Task Renew_HeldClaim_KeepsOthersOutForAsLong()
    {
        var session = await AddAsync(0, new());
        await Lifecycle.EndSessionsAsync(At(10), At(10), At(20), default);
        var claim = await ClaimOneAsync(Lifecycle, session, 30, 60);

        Assert.True(await Lifecycle.RenewClaimAsync(claim, At(120), default));
        Assert.DoesNotContain(session, await ClaimAsync(OtherLifecycle, 119, 130));
        // It ran out, and nobody came.
        Assert.True(await OtherLifecycle.RenewClaimAsync(claim, At(200), default));
        Assert.DoesNotContain(session, await ClaimAsync(OtherLifecycle, 199, 230));
        // Given back before its time.
        Assert.True(await Lifecycle.RenewClaimAsync(claim, At(190), default));
        Assert.Equal(2, (await ClaimOneAsync(OtherLifecycle, session, 195, 230)).Number);
    }

    [SkippableFact]
    public async Task Renew_ClaimThatAnotherTookOver_IsLostAndCannotBeCompleted()
    {
        var session = await AddAsync(0, new(), chunks: 2);
        await Lifecycle.EndSessionsAsync(At(10), At(10), At(20), default);
        var lost = await ClaimOneAsync(Lifecycle, session, 30, 60);
        var held = await ClaimOneAsync(OtherLifecycle, session, 60, 90);
        var before = await Reader.ListChunksAsync(session, default);
        var moved = before.Select((c, i) => new MovedChunk(c.Window, c.Seq, c.Location, new("lost", 16 + (i * 100), 100))).ToList();

        Assert.False(await Lifecycle.RenewClaimAsync(lost, At(1000), default));
        Assert.Null(await Lifecycle.CompleteCompactionAsync(lost, Recording("lost", moved, ["part"]), default));
        Assert.Equal(before.Select(c => c.Location), (await Reader.ListChunksAsync(session, default)).Select(c => c.Location));
        Assert.Null((await Reader.FindSessionAsync(session, default))!.RecordingKey);
        Assert.True(await OtherLifecycle.RenewClaimAsync(held, At(120), default));
        Assert.NotNull(
            await OtherLifecycle.CompleteCompactionAsync(
                held, Recording("held", [.. moved.Select(m => m with { To = m.To with { BlobKey = "held" } })]), default));

        // Also after the other is done.
        Assert.Null(await Lifecycle.CompleteCompactionAsync(lost, Recording("lost", moved, ["part"]), default));
        Assert.Equal("held", (await Reader.FindSessionAsync(session, default))!.RecordingKey);
        Assert.All(await Reader.ListChunksAsync(session, default), c => Assert.Equal("held", c.Location.BlobKey));
    }

    [SkippableFact]
    public async Task Renew_DeletedSession_IsLost()
    {
        var session = await AddAsync(0, new());
        await Lifecycle.EndSessionsAsync(At(10), At(10), At(20), default);
        var claim = await ClaimOneAsync(Lifecycle, session, 30, 60);
        await OtherLifecycle.DeleteSessionAsync(session, At(40), default);

        Assert.False(await Lifecycle.RenewClaimAsync(claim, At(120), default));
        Assert.Null(await Lifecycle.CompleteCompactionAsync(claim, Recording("recording", [], []), default));
    }

    [SkippableFact]
    public async Task Claim_TwoProcessesAtOnce_NeverGetTheSameSession()
    {
        var mine = new HashSet<SessionRef>();
        for (var i = 0; i < 20; i++)
        {
            mine.Add(await AddAsync(0, new()));
        }

        await Lifecycle.EndSessionsAsync(At(10), At(10), At(20), default);
        var claims =
            await Task.WhenAll(Enumerable.Range(0, 10).Select(i => ClaimAsync(i % 2 == 0 ? Lifecycle : OtherLifecycle, 30, 100_000, 100)));

        Assert.Equal(20, claims.SelectMany(c => c).Count(mine.Contains));
    }

    private static CompactedObject Recording(string key, IReadOnlyList<MovedChunk> moved, params string[] replaced) =>
        new() { Key = key, IsRecording = true, Moved = moved, Replaced = replaced };

    private static void AssertKeys(string[] expected, IReadOnlyList<string>? keys) => Assert.Equal(expected.Order(), keys?.Order());

    private async Task<IReadOnlyList<(SessionRef Session, string Key)>> ListReplacedAsync(int limit)
    {
        var all = new List<ReplacedObject>();
        IReadOnlyList<ReplacedObject> page;
        while ((page = await Lifecycle.ListReplacedAsync(all.LastOrDefault(), limit, default)).Count > 0)
        {
            Assert.InRange(page.Count, 1, limit);
            all.AddRange(page);
        }

        return [.. all.Where(o => o.Session.Tenant == _tenant).Select(o => (o.Session, o.BlobKey))];
    }

    private static async Task<CompactionClaim> ClaimOneAsync(ISessionLifecycle lifecycle, SessionRef session, long now, long until) =>
        Assert.Single(await lifecycle.ClaimForCompactionAsync(100, Unlimited, At(now), At(until), default), c => c.Row.Session == session);
}
