using SessionReplay.Audit;
using Xunit;

namespace SessionReplay.Storage.ConformanceTests;

/// <summary>What every <see cref="IAuditLog"/> must do. Each test has a log of its own.</summary>
public abstract class AuditLogConformance : IAsyncLifetime
{
    private readonly SessionRef _session = new(new("shop"), SessionId.Create(TimeProvider.System));

    protected IAuditLog Log { get; private set; } = null!;

    public async Task InitializeAsync() => Log = await CreateLogAsync();

    public virtual Task DisposeAsync() => Task.CompletedTask;

    [SkippableFact]
    public async Task List_Empty_IsEmptyAndUnbroken()
    {
        Assert.Empty(await Log.ListAsync(null, null, 10, default));
        Assert.Null(await Log.FindBreakAsync(default));
    }

    [SkippableFact]
    public async Task Append_Entries_AreListedNewestFirstAndPaged()
    {
        var entries = Enumerable.Range(1, 5).Select(i => Entry(i, i % 2 == 0)).ToList();
        foreach (var entry in entries)
        {
            await Log.AppendAsync(entry, default);
        }

        var all = await Log.ListAsync(null, null, 10, default);
        Assert.Equal([5L, 4, 3, 2, 1], all.Select(r => r.Number));
        Assert.Equal(entries.AsEnumerable().Reverse(), all.Select(r => r.Entry));
        Assert.Equal([3L, 2], (await Log.ListAsync(null, 4, 2, default)).Select(r => r.Number));
        Assert.Equal([4L, 2], (await Log.ListAsync(_session, null, 10, default)).Select(r => r.Number));
        Assert.Empty(await Log.ListAsync(_session with { Tenant = new("other") }, null, 10, default));
        Assert.Null(await Log.FindBreakAsync(default));
    }

    [SkippableFact]
    public async Task Append_ManyAtOnce_NumbersHaveNoGapsAndTheChainHolds()
    {
        await Task.WhenAll(Enumerable.Range(1, 200).Select(async i => await Log.AppendAsync(Entry(i, true), default)));

        Assert.Equal(
            Enumerable.Range(1, 200).Select(i => (long)i), (await Log.ListAsync(null, null, 1000, default)).Select(r => r.Number).Order());
        Assert.Null(await Log.FindBreakAsync(default));
    }

    [SkippableFact]
    public async Task Append_TextsThatNotEveryDatabaseKeeps_AreListedWholeAndTheChainHolds()
    {
        var entry = Entry(1, true) with { Actor = "half \uD83D", Detail = "tenant\0 what comes behind" };
        await Log.AppendAsync(entry, default);
        await Log.AppendAsync(Entry(2, true), default);

        var first = (await Log.ListAsync(null, 2, 1, default)).Single().Entry;
        Assert.Equal(("half \uFFFD", "tenant\uFFFD what comes behind"), (first.Actor, first.Detail));
        Assert.Null(await Log.FindBreakAsync(default));
    }

    [SkippableFact]
    public async Task TryAppend_RowsOfAnotherLog_GoOnWithTheChainAndNothingElse()
    {
        var (hash, rows) = (new byte[AuditChain.HashSize], new List<AuditRow>());
        for (var i = 1; i <= 6; i++)
        {
            hash = AuditChain.ComputeHash(hash, i, Entry(i, i % 2 == 0));
            rows.Add(new(i, Entry(i, i % 2 == 0), hash));
        }

        var transfer = (IAuditTransfer)Log;
        Assert.True(await transfer.TryAppendAsync(rows[..2], default));
        Assert.False(await transfer.TryAppendAsync(rows[..2], default));
        Assert.False(await transfer.TryAppendAsync(rows[3..], default));
        Assert.False(await transfer.TryAppendAsync([rows[2] with { Entry = rows[2].Entry with { Actor = "somebody else" } }], default));
        Assert.False(await transfer.TryAppendAsync([rows[2], rows[4]], default));
        Assert.True(await transfer.TryAppendAsync(rows[2..], default));

        var listed = await Log.ListAsync(null, null, 10, default);
        Assert.Equal(rows.Select(r => (r.Number, r.Entry)).Reverse(), listed.Select(r => (r.Number, r.Entry)));
        await Log.AppendAsync(Entry(7, true), default);
        Assert.Null(await Log.FindBreakAsync(default));
    }

    [SkippableFact]
    public async Task Remove_OldRows_LeavesTheNewestAndAChainThatHolds()
    {
        await AppendAsync(1, 6);
        Assert.Equal(AuditMark.None.Number, (await Lifecycle.ReadStartAsync(default)).Number);
        Assert.Equal(0, await Lifecycle.RemoveAsync(At(1), At(100), 10, default));
        var third = (await Log.ListAsync(null, 4, 1, default))[0];

        Assert.Equal(2, await Lifecycle.RemoveAsync(At(4), At(100), 2, default));
        Assert.Equal(1, await Lifecycle.RemoveAsync(At(4), At(100), 2, default));
        Assert.Equal(0, await Lifecycle.RemoveAsync(At(4), At(100), 2, default));

        var start = await Lifecycle.ReadStartAsync(default);
        Assert.Equal(3, start.Number);
        Assert.Equal(third.Hash.ToArray(), start.Hash.ToArray());
        var rows = await Log.ListAsync(null, null, 10, default);
        Assert.Equal([8L, 7, 6, 5, 4], rows.Select(row => row.Number));
        Assert.True(start.IsNotedBy(rows[0].Entry));
        Assert.Equal([6L, 4], (await Log.ListAsync(_session, null, 10, default)).Select(row => row.Number));
        Assert.Null(await Log.FindBreakAsync(default));

        // However old: never the newest row, which the next one follows.
        Assert.Equal(4, await Lifecycle.RemoveAsync(At(1000), At(100), 100, default));
        await AppendAsync(9, 9);
        Assert.Equal([10L, 9, 8], (await Log.ListAsync(null, null, 10, default)).Select(row => row.Number));
        Assert.Null(await Log.FindBreakAsync(default));
    }

    [SkippableFact]
    public async Task Remove_ChainIsBroken_KeepsTheEvidence()
    {
        await AppendAsync(1, 6);
        await TamperAsync(2, "actor", "x");

        await Assert.ThrowsAsync<InvalidDataException>(async () => await Lifecycle.RemoveAsync(At(5), At(100), 10, default));

        Assert.Equal(6, (await Log.ListAsync(null, null, 10, default)).Count);
        Assert.Equal(0, (await Lifecycle.ReadStartAsync(default)).Number);
        Assert.Equal(2, (await Log.FindBreakAsync(default))?.Number);
    }

    [SkippableFact]
    public async Task FindBreak_BeginningCutOffWithoutARowThatSaysSo_IsFound()
    {
        await AppendAsync(1, 6);
        var third = (await Log.ListAsync(null, 4, 1, default))[0];

        await CutAsync(3, third.Hash.ToArray());

        Assert.Equal(3, (await Log.FindBreakAsync(default))?.Number);
    }

    [SkippableFact]
    public async Task Remove_WhileAppendsGoOn_LosesNoneAndTheChainHolds()
    {
        await AppendAsync(1, 40);
        var appends = Task.WhenAll(
            Enumerable.Range(100, 40).Select(i => Task.Run(async () => await Log.AppendAsync(Entry(i, false), default))));
        var removed = 0;
        while (removed < 40)
        {
            removed += await Lifecycle.RemoveAsync(At(41), At(50), 7, default);
            Assert.Null(await Log.FindBreakAsync(default));
        }

        await appends;
        Assert.Equal(40, (await Log.ListAsync(null, null, 1000, default)).Count(row => row.Entry.Action != AuditMark.Action));
        Assert.Null(await Log.FindBreakAsync(default));
    }

    [SkippableFact]
    public async Task TryStart_EmptyLog_TakesTheRowsOfASourceThatBeginsLater()
    {
        var (hash, rows) = (new byte[AuditChain.HashSize], new List<AuditRow>());
        for (var i = 1; i <= 6; i++)
        {
            hash = AuditChain.ComputeHash(hash, i, Entry(i, false));
            rows.Add(new(i, Entry(i, false), hash));
        }

        var (transfer, start) = ((IAuditTransfer)Log, new AuditMark(3, rows[2].Hash));
        Assert.True(await transfer.TryStartAsync(start, default));
        Assert.False(await transfer.TryStartAsync(start, default));
        Assert.False(await transfer.TryAppendAsync(rows, default));
        Assert.True(await transfer.TryAppendAsync(rows[3..], default));
        Assert.False(await transfer.TryStartAsync(new(5, rows[4].Hash), default));
        await Log.AppendAsync(start.ToEntry(At(100)), default);

        Assert.Equal([7L, 6, 5, 4], (await Log.ListAsync(null, null, 10, default)).Select(row => row.Number));
        Assert.Null(await Log.FindBreakAsync(default));
    }

    [SkippableTheory]
    [InlineData("actor", "x", "hash")]
    [InlineData("detail", null, "hash")]
    [InlineData("outcome", "other", "hash")]
    [InlineData("number", 70L, "missing")]
    [InlineData("at", long.MaxValue, "'at'")]
    [InlineData("tenant", "Not a tenant", "'tenant'")]
    public async Task FindBreak_RowChanged_NamesItAndSaysWhatIsWrong(string column, object? value, string reason)
    {
        for (var i = 1; i <= 6; i++)
        {
            await Log.AppendAsync(Entry(i, true), default);
        }

        await TamperAsync(4, column, value);

        var found = await Log.FindBreakAsync(default);
        Assert.Equal(4, found?.Number);
        Assert.Contains(reason, found!.Reason, StringComparison.Ordinal);
    }

    /// <summary>Gives an empty log; the adapter skips here when its peer is missing.</summary>
    protected abstract Task<IAuditLog> CreateLogAsync();

    /// <summary>Removes rows behind the log's back, and has it begin behind them.</summary>
    protected abstract Task CutAsync(long number, byte[] hash);

    private static DateTimeOffset At(int i) => DateTimeOffset.FromUnixTimeMilliseconds(1_790_000_000_000 + i);

    private IAuditLifecycle Lifecycle => (IAuditLifecycle)Log;

    private async Task AppendAsync(int first, int last)
    {
        for (var i = first; i <= last; i++)
        {
            await Log.AppendAsync(Entry(i, i % 2 == 0), default);
        }
    }

    /// <summary>Changes a column of a row behind the log's back, as an intruder with the database's own rights would.</summary>
    protected abstract Task TamperAsync(long number, string column, object? value);

    private AuditEntry Entry(int i, bool ofSession) => new()
    {
        At = At(i),
        Actor = $"actor-{i}",
        Action = "session.view",
        Allowed = i % 3 != 0,
        Outcome = i % 3 == 0 ? "forbidden" : "ok",
        Tenant = ofSession ? _session.Tenant : null,
        Session = ofSession ? _session.Session : null,
        RemoteAddress = i == 1 ? null : "203.0.113.7",
        Detail = i == 2 ? null : "ü – detail",
    };
}
