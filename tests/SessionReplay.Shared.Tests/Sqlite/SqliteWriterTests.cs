using System.Collections.Concurrent;
using SessionReplay.Sqlite;
using SessionReplay.Testing;

namespace SessionReplay.Shared.Tests.Sqlite;

public sealed class SqliteWriterTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Work _work = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_ManyWait_ShareATransaction()
    {
        await using var writer = Create();
        using var go = new ManualResetEventSlim();
        var first = writer.RunAsync(_ => go.Wait(TimeSpan.FromMinutes(1)), default);
        var others = Enumerable.Range(0, 50).Select(i => writer.RunAsync(sql => Insert(sql, i), default)).ToList();
        await FakeBroker.UntilAsync(() => writer.Waiting == others.Count);
        go.Set();

        Assert.True(await first);
        await Task.WhenAll(others);
        Assert.Equal([1, 50], _work.Groups);
    }

    [Fact]
    public async Task Run_OperationIsRefused_FailsAloneAndLeavesNothing()
    {
        await using var writer = Create();
        await Assert.ThrowsAsync<FormatException>(() => writer.RunAsync<int>(
            sql =>
            {
                Insert(sql, 1);
                throw new FormatException();
            },
            default));

        Assert.Equal(0, await writer.RunAsync(Count, default));
        Assert.Empty(_work.Failures);
    }

    [Fact]
    public async Task Run_OperationFailsUnexpectedly_FailsTheGroupAndTheNextGroupRuns()
    {
        await using var writer = Create();
        var thrown = await Assert.ThrowsAsync<IOException>(
            () => writer.RunAsync<int>(static _ => throw new InvalidOperationException("a bug"), default));

        Assert.Contains("a bug", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(1, await writer.RunAsync(static sql => Insert(sql, 1), default));
        Assert.Equal(1, await writer.RunAsync(Count, default));
        Assert.Single(_work.Failures);
    }

    [Fact]
    public async Task Run_CancelledBeforeItBegins_IsNotRun()
    {
        await using var writer = Create();
        using var go = new ManualResetEventSlim();
        using var caller = new CancellationTokenSource();
        var first = writer.RunAsync(_ => go.Wait(TimeSpan.FromMinutes(1)), default);
        var second = writer.RunAsync(static sql => Insert(sql, 1), caller.Token);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        go.Set();

        Assert.True(await first);
        Assert.Equal(0, await writer.RunAsync(Count, default));
    }

    [Fact]
    public async Task Dispose_OperationsWait_FinishesThemAndRefusesMore()
    {
        var writer = Create();
        var waiting = Enumerable.Range(0, 20).Select(i => writer.RunAsync(sql => Insert(sql, i), default)).ToList();

        await writer.DisposeAsync();

        Assert.All(waiting, operation => Assert.True(operation.IsCompletedSuccessfully));
        Assert.True(_work.IsClosed);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => writer.RunAsync(Count, default));
    }

    [Fact]
    public async Task Run_FolderCannotBeMade_ThrowsEachTimeAndNobodyWaitsForEver()
    {
        await File.WriteAllTextAsync(_folder.File("file"), "no folder");
        await using var writer = new SqliteWriter<SqliteStatements>(
            new SqliteFile(Path.Combine(_folder.File("file"), "x.db"), []), _work, "test");
        for (var i = 0; i < 2; i++)
        {
            await Assert.ThrowsAsync<IOException>(() => writer.RunAsync(Count, default).WaitAsync(FakeBroker.Patience));
        }
    }

    private SqliteWriter<SqliteStatements> Create() => new(new SqliteFile(_folder.File("x.db"), ["CREATE TABLE a (x)"]), _work, "test");

    private static int Insert(SqliteStatements sql, int value) => sql.Execute("INSERT INTO a VALUES ($x)", ("$x", value));

    private static int Count(SqliteStatements sql) => sql.Scalar<int>("SELECT count(*) FROM a");

    private sealed class Work : SqliteWork<SqliteStatements>
    {
        public ConcurrentQueue<int> Groups { get; } = new();

        public ConcurrentQueue<string> Failures { get; } = new();

        public bool IsClosed { get; private set; }

        public override SqliteStatements Open(SqliteStatements sql) => sql;

        public override void Committed(SqliteStatements tables, int operations, TimeSpan time) => Groups.Enqueue(operations);

        public override void Failed(int operations, string reason, Exception error) => Failures.Enqueue(reason);

        public override Exception Unavailable(string reason, Exception error) => new IOException(reason, error);

        public override Exception? Refused(Exception error) => error as FormatException;

        public override void Closed() => IsClosed = true;
    }
}
