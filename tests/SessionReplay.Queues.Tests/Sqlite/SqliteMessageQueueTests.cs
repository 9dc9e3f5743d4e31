using System.Diagnostics.Metrics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using SessionReplay.Queues.ConformanceTests;
using SessionReplay.Testing;

namespace SessionReplay.Queues.Tests;

// Long: a test for each rule of the contract.
public sealed class SqliteMessageQueueTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly TempFolder _folder = new();

    private string Database => _folder.File("queue.db");

    [Fact]
    public async Task Publish_SameIdWhileWaitingOrLeased_StoresItOnce()
    {
        await using var queue = Open();
        await queue.PublishAsync("one");
        await queue.PublishAsync("one");
        await using var delivery = await queue.ReceiveOneAsync();
        await queue.PublishAsync("one");

        Assert.Equal(new QueueStatus(0, 1, 0, null), await queue.GetStatusAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Publish_SameIdAfterAck_StoresItAgain()
    {
        await using var queue = Open();
        await queue.PublishAsync("one");
        await (await queue.ReceiveOneAsync()).AckAsync(CancellationToken.None);
        await queue.PublishAsync("one");

        Assert.Equal("one", (await queue.ReceiveOneAsync()).MessageId);
    }

    [Fact]
    public async Task Publish_SameIdAsADeadLetter_StoresItAndRedriveKeepsOne()
    {
        await using var queue = Open();
        await queue.PublishAsync("one", 500);
        await (await queue.ReceiveOneAsync()).DeadLetterAsync("reason", CancellationToken.None);
        await queue.PublishAsync("one", 500);
        Assert.Equal(1, await queue.RedriveAsync(10, CancellationToken.None));

        var status = await queue.GetStatusAsync(CancellationToken.None);
        Assert.Equal((1L, 0L), (status.Ready, status.DeadLettered));
        await (await queue.ReceiveOneAsync()).AckAsync(CancellationToken.None);
        await queue.DisposeAsync();
        Assert.Equal(0L, Scalar("SELECT count(*) FROM bodies;"));
    }

    [Fact]
    public async Task Publish_QueueFull_ThrowsUntilThereIsSpace()
    {
        await using var queue = Open(options => options.MaxQueueBytes = 1 << 20);
        var published = 0;
        var refusal = await Assert.ThrowsAsync<QueueUnavailableException>(async () =>
        {
            for (; published < 100; published++)
            {
                await queue.PublishAsync($"m{published}", 50_000);
            }
        });

        Assert.Contains(nameof(SqliteQueueOptions.MaxQueueBytes), refusal.Message, StringComparison.Ordinal);
        Assert.InRange(published, 10, 21);
        foreach (var delivery in await queue.ReceiveAsync(1000, CancellationToken.None))
        {
            await delivery.AckAsync(CancellationToken.None);
        }

        await queue.PublishAsync("after", 50_000);
    }

    [Fact]
    public async Task Publish_BelowTheFreeSpaceFloor_RefusesAndStillDeliversAndSetsAside()
    {
        await using (var filled = Open())
        {
            await filled.PublishAsync("before");
        }

        await using var queue = Open(options => options.MinFreeBytes = 1L << 62);
        var refusal = await Assert.ThrowsAsync<QueueUnavailableException>(async () => await queue.PublishAsync("late"));
        Assert.Contains(nameof(SqliteQueueOptions.MinFreeBytes), refusal.Message, StringComparison.Ordinal);

        await (await queue.ReceiveOneAsync()).DeadLetterAsync("reason", CancellationToken.None);
        Assert.Equal(1, await queue.DiscardAsync(DateTimeOffset.MaxValue, 10, CancellationToken.None));
    }

    [Fact]
    public async Task DeadLetters_MoreBytesThanTheQueueMayHold_LeaveItsRoomToMessages()
    {
        await using var queue = Open(options => (options.MaxQueueBytes, options.MaxDeadLetterBytes) = (1 << 20, 1 << 20));
        for (var i = 0; i < 40; i++)
        {
            await queue.PublishAsync($"m{i}", 100_000);
            await (await queue.ReceiveOneAsync()).DeadLetterAsync("reason", CancellationToken.None);
        }

        var kept = await queue.ListAsync(100, CancellationToken.None);
        Assert.Equal(Enumerable.Range(30, 10).Select(i => $"m{i}"), kept.Select(letter => letter.MessageId));
        Assert.Equal(
            (10L, 1_000_000L), (Scalar("SELECT letters FROM dead_letter_totals;"), Scalar("SELECT bytes FROM dead_letter_totals;")));
        Assert.Equal(10L, Scalar("SELECT count(*) FROM bodies;"));
    }

    [Fact]
    public async Task DeadLetters_MoreThanMayBeKept_DropThoseWithoutABodyFirst()
    {
        await using var queue = Open(options => options.MaxDeadLetters = 5);
        await queue.PublishAsync("whole", 100);
        await (await queue.ReceiveOneAsync()).DeadLetterAsync("a bug", CancellationToken.None);
        for (var i = 0; i < 50; i++)
        {
            await queue.PublishAsync($"m{i}", 100);
            await (await queue.ReceiveOneAsync()).RefuseAsync("a conflict", CancellationToken.None);
        }

        Assert.Equal(
            ["whole", "m46", "m47", "m48", "m49"], (await queue.ListAsync(100, CancellationToken.None)).Select(letter => letter.MessageId));
        Assert.Equal(1L, Scalar("SELECT count(*) FROM bodies;"));
    }

    [Fact]
    public async Task Discard_Session_RemovesItsDeadLettersAndNoOthers()
    {
        var session = new SessionRef(new("shop"), SessionId.Create(TimeProvider.System));
        var other = new SessionRef(new("shop"), SessionId.Create(TimeProvider.System));
        string[] others = [$"{other}/w/1", $"shop2/{session.Session}/w/1", $"{session}x/w/1", $"{session}"];
        await using var queue = Open();
        foreach (var id in (string[])[$"{session}/w/1", $"{session}/w/2/a", .. others])
        {
            await queue.PublishAsync(id, 100);
            await (await queue.ReceiveOneAsync()).DeadLetterAsync("reason", CancellationToken.None);
        }

        Assert.Equal(2, await queue.DiscardAsync(session, CancellationToken.None));
        Assert.Equal(others, (await queue.ListAsync(100, CancellationToken.None)).Select(letter => letter.MessageId));
        Assert.Equal(4L, Scalar("SELECT count(*) FROM bodies;"));
    }

    [Fact]
    public async Task Publish_ManyWhileTheFileIsBusy_ShareOneTransaction()
    {
        await using var queue = Open(options => options.BusyTimeout = Patience);
        await queue.PublishAsync("first");
        var sizes = new List<int>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "sessionreplay.queue.commit.operations")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((_, size, _, _) =>
        {
            lock (sizes)
            {
                sizes.Add(size);
            }
        });
        listener.Start();

        Task[] publishing;
        await using (var other = new SqliteConnection($"Data Source={Database};Pooling=False"))
        {
            await other.OpenAsync();
            await using var hold = other.CreateCommand();
            hold.CommandText = "BEGIN IMMEDIATE;";
            await hold.ExecuteNonQueryAsync();
            publishing = [.. Enumerable.Range(0, 300).Select(i => queue.PublishAsync($"m{i}"))];
        }

        await Task.WhenAll(publishing);
        // Queues of other tests are measured too.
        lock (sizes)
        {
            Assert.Contains(sizes, size => size > 100);
        }

        Assert.Equal(301, (await queue.GetStatusAsync(CancellationToken.None)).Ready);
    }

    [Fact]
    public async Task Publish_FileIsNoDatabase_ThrowsAndSaysWhatToDo()
    {
        await File.WriteAllTextAsync(Database, new string('x', 10_000));
        await using var queue = Open();

        var refusal = await Assert.ThrowsAsync<QueueUnavailableException>(() => queue.PublishAsync("one"));

        Assert.Contains("Move it aside", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_FileOfANewerVersion_ThrowsAndSaysWhatToDo()
    {
        await using (var queue = Open())
        {
            await queue.PublishAsync("one");
        }

        Scalar("PRAGMA user_version = 2; SELECT 0;");
        await using var older = Open();
        var refusal = await Assert.ThrowsAsync<QueueUnavailableException>(() => older.PublishAsync("two"));
        Assert.Contains("newer version", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receive_ConsumersEndAgainAndAgain_MakesADeadLetter()
    {
        await using (var queue = Open())
        {
            await queue.PublishAsync("poison");
        }

        for (var crash = 0; crash < 3; crash++)
        {
            await using var process = await SqliteQueueFixture.HoldAsync(new SqliteQueueOptions { Path = Database, MaxAttempts = 3 }, 1);
            Assert.Equal(crash + 1, process.Attempts["poison"]);
        }

        await using var last = Open(options => options.MaxAttempts = 3);
        await last.PublishAsync("healthy");
        Assert.Equal("healthy", (await last.ReceiveOneAsync()).MessageId);
        var letter = Assert.Single(await last.ListAsync(10, CancellationToken.None));
        Assert.Equal(("poison", 3), (letter.MessageId, letter.Attempts));
    }

    [Fact]
    public async Task Receive_LeaseRanOut_DeliversToAnotherAndTheFirstAckFails()
    {
        var stopped = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        var ahead = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50).AddMinutes(1));
        await using var first = Open(time: stopped);
        await first.PublishAsync("one");
        var lost = await first.ReceiveOneAsync();
        await using var second = Open(time: ahead);
        var gained = await second.ReceiveOneAsync();

        Assert.Equal(2, gained.Attempt);
        await Assert.ThrowsAsync<QueueUnavailableException>(() => lost.AckAsync(CancellationToken.None).AsTask());
        await gained.AckAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Retry_FakeClock_WaitsForTheDelayAndNotLess()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        await using var queue = Open(options => options.FirstRetryDelay = TimeSpan.FromSeconds(10), time);
        await queue.PublishAsync("one");
        await (await queue.ReceiveOneAsync()).RetryAsync("later", CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(4.9));
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queue.ReceiveAsync(1, soon.Token).AsTask());

        time.Advance(TimeSpan.FromSeconds(5.2));

        Assert.Equal(2, (await queue.ReceiveOneAsync()).Attempt);
    }

    [Fact]
    public async Task Ack_QueueClosed_ThrowsUnavailableAndTheMessageIsThere()
    {
        var queue = Open();
        await queue.PublishAsync("one");
        var delivery = await queue.ReceiveOneAsync();
        await queue.DisposeAsync();

        await Assert.ThrowsAsync<QueueUnavailableException>(() => delivery.AckAsync(CancellationToken.None).AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => queue.PublishAsync("two"));
        await using var next = Open();
        Assert.Equal(1, (await next.ReceiveOneAsync()).Attempt);
    }

    [Fact]
    public async Task Dispose_ReceiverWaits_EndsItsWait()
    {
        var queue = Open();
        var receiving = queue.ReceiveAsync(1, CancellationToken.None).AsTask();
        await queue.GetStatusAsync(CancellationToken.None);

        await queue.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => receiving.WaitAsync(Patience));
    }

    [Fact]
    public async Task Ack_ManyLargeMessages_GivesTheSpaceBack()
    {
        await using var queue = Open();
        for (var i = 0; i < 50; i++)
        {
            await queue.PublishAsync($"m{i}", 1 << 20);
        }

        Assert.True(new FileInfo(Database).Length > 40L << 20);
        while ((await queue.GetStatusAsync(CancellationToken.None)).Ready > 0)
        {
            foreach (var delivery in await queue.ReceiveAsync(100, CancellationToken.None))
            {
                await delivery.AckAsync(CancellationToken.None);
            }
        }

        using var limit = new CancellationTokenSource(Patience);
        while (new FileInfo(Database).Length > 20L << 20)
        {
            await Task.Delay(20, limit.Token);
        }
    }

    [Fact]
    public async Task Open_OnUnix_FileIsForThisUserOnly()
    {
        await using var queue = Open();
        await queue.PublishAsync("one");

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Database));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Database + "-wal"));
        }
    }

    public void Dispose() => _folder.Dispose();

    private SqliteMessageQueue Open(Action<SqliteQueueOptions>? configure = null, TimeProvider? time = null)
    {
        var options = new SqliteQueueOptions { Path = Database };
        configure?.Invoke(options);
        return new SqliteMessageQueue(Options.Create(options), time ?? TimeProvider.System, NullLogger<SqliteMessageQueue>.Instance);
    }

    private object? Scalar(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
