using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using SessionReplay.Queues.ConformanceTests;
using SessionReplay.Testing;

namespace SessionReplay.Queues.Tests;

/// <summary>
/// The peer is a folder; it is taken away by locking every file in it, as another process that hangs in a transaction would.
/// </summary>
public sealed class SqliteQueueFixture : QueueFixture
{
    private readonly TempFolder _folder = new();
    private readonly List<SqliteConnection> _locks = [];

    public override string Adapter => "Sqlite";

    public override Task<QueueClient> ConnectAsync(string queue, QueueSettings settings) =>
        Task.FromResult(QueueClient.Of(Create(Options(queue, settings))));

    public override Task<HoldingProcess> HoldAsync(string queue, QueueSettings settings, int count) =>
        HoldAsync(Options(queue, settings), count);

    internal static Task<HoldingProcess> HoldAsync(SqliteQueueOptions options, int count) =>
        HoldingProcess.StartAsync(typeof(Program).Assembly, options, count);

    internal static SqliteMessageQueue Create(SqliteQueueOptions options) => new(
        Microsoft.Extensions.Options.Options.Create(options), TimeProvider.System, NullLogger<SqliteMessageQueue>.Instance);

    public override void Register(ISessionReplayBuilder builder, string queue) =>
        builder.AddSqliteQueue(options => options.Path = _folder.File(queue + ".db"));

    public override void RegisterUnreachable(ISessionReplayBuilder builder)
    {
        var file = _folder.File(NewQueueName());
        File.WriteAllText(file, "no folder");
        builder.AddSqliteQueue(options => options.Path = Path.Combine(file, "queue.db"));
    }

    public override async Task BreakPeerAsync()
    {
        foreach (var file in Directory.EnumerateFiles(_folder.FullPath, "*.db"))
        {
            var connection = new SqliteConnection($"Data Source={file};Pooling=False");
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "BEGIN IMMEDIATE;";
            await command.ExecuteNonQueryAsync();
            _locks.Add(connection);
        }

        // An operation that waits now is to see it: the wait for a lock is 500 ms.
        await Task.Delay(700);
    }

    public override async Task RestorePeerAsync()
    {
        foreach (var connection in _locks)
        {
            await connection.DisposeAsync();
        }

        _locks.Clear();
    }

    private SqliteQueueOptions Options(string queue, QueueSettings settings) => new()
    {
        Path = _folder.File(queue + ".db"),
        MaxAttempts = settings.MaxAttempts,
        FirstRetryDelay = settings.FirstRetryDelay,
        MaxRetryDelay = settings.MaxRetryDelay,
        LeaseTime = settings.LeaseTime,
        PollInterval = TimeSpan.FromMilliseconds(50),
        BusyTimeout = TimeSpan.FromMilliseconds(500),
    };

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}
