using Microsoft.Data.Sqlite;
using SessionReplay.FaultTests.Hosts;
using SessionReplay.Testing;

namespace SessionReplay.FaultTests.Queues;

/// <summary>The embedded queue, in a file that the processes share. It is taken away by a process that hangs in a transaction.</summary>
public sealed class SqliteUnderTest : QueueUnderTest
{
    private readonly TempFolder _folder = new();
    private SqliteLock? _lock;

    public override string Adapter => "Sqlite";

    public override string Breaking => "file locked by another process and freed";

    public override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["SessionReplay:Queue:Provider"] = "Sqlite",
        ["SessionReplay:Queue:Sqlite:Path"] = _folder.File("queue.db"),
        ["SessionReplay:Queue:Sqlite:LeaseTime"] = "00:00:03",
        ["SessionReplay:Queue:Sqlite:BusyTimeout"] = "00:00:01",
    };

    public override Task StartAsync() => Task.CompletedTask;

    public override async Task BreakAsync() => _lock = await SqliteLock.TakeAsync(_folder.File("queue.db"));

    public override async Task RestoreAsync()
    {
        if (_lock is not null)
        {
            await _lock.DisposeAsync();
            _lock = null;
        }
    }

    /// <summary>
    /// Who is stopped in the middle of a transaction keeps the file locked: nothing is accepted or recorded until he goes on or ends.
    /// </summary>
    internal override async Task FreezeAsync(HostProcess process)
    {
        await using var noTransactionOfOthers = await SqliteLock.TakeAsync(_folder.File("queue.db"));
        await base.FreezeAsync(process);
    }

    public override async Task<string> DescribeAsync()
    {
        try
        {
            await using var free = await SqliteLock.TakeAsync(_folder.File("queue.db"));
            return "The queue's file is not locked.\n";
        }
        catch (SqliteException e)
        {
            return $"The queue's file is locked: {e.Message}\n";
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await RestoreAsync();
        _folder.Dispose();
    }
}
