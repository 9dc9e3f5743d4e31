using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace SessionReplay.Queues;

/// <summary>
/// The one thread that uses the file. All operations that wait when it is free share the next transaction (group commit), so that the price of a
/// flush to disk is paid once for all of them; each is confirmed only after the commit.
/// </summary>
internal sealed class QueueWriter
{
    private const int MaxOperations = 512;
    private const int MaxBytes = 64 * 1024 * 1024;
    private readonly BlockingCollection<QueueOperation> _operations = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SqliteQueueOptions _options;
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action _madeReady;
    private QueueDatabase? _database;
    private LeaseOwner? _owner;
    private volatile bool _abandoned;

    internal QueueWriter(SqliteQueueOptions options, TimeProvider time, ILogger logger, Action madeReady)
    {
        _options = options;
        _path = Path.GetFullPath(options.Path);
        _time = time;
        _logger = logger;
        _madeReady = madeReady;
        new Thread(Work) { IsBackground = true, Name = "SessionReplay queue" }.Start();
    }

    /// <summary>Runs an operation in the next transaction.</summary>
    /// <exception cref="QueueUnavailableException">The file did not confirm.</exception>
    /// <exception cref="ObjectDisposedException">The writer has ended.</exception>
    internal Task<T> RunAsync<T>(Func<QueueDatabase, T> execute, CancellationToken cancellationToken, int bytes = 0)
    {
        var operation = new QueueOperation<T>(execute, bytes);
        try
        {
            _operations.Add(operation, CancellationToken.None);
        }
        catch (InvalidOperationException)
        {
            throw new ObjectDisposedException(nameof(SqliteMessageQueue));
        }

        return operation.WaitAsync(cancellationToken);
    }

    /// <summary>Finishes what waits, gives back what this process has leased, and closes the file.</summary>
    internal Task StopAsync()
    {
        _operations.CompleteAdding();
        return _ended.Task;
    }

    /// <summary>Ends as a crash would: nothing is given back.</summary>
    internal Task AbandonAsync()
    {
        _abandoned = true;
        return StopAsync();
    }

    private void Work()
    {
        var batch = new List<QueueOperation>();
        while (!_operations.IsCompleted)
        {
            batch.Clear();
            Collect(batch);
            if (batch.Count > 0)
            {
                Execute(batch);
            }
        }

        Close(giveBack: !_abandoned);
        _ended.SetResult();
    }

    private void Collect(List<QueueOperation> batch)
    {
        // While free pages remain and nothing waits, they are given back step by step.
        QueueOperation? next;
        while (!_operations.TryTake(out next, _database is not null && Shrink() ? 1 : Timeout.Infinite))
        {
            if (_operations.IsCompleted)
            {
                return;
            }
        }

        long bytes = 0;
        do
        {
            if (next.TryStart())
            {
                batch.Add(next);
                bytes += next.Bytes;
            }
        }
        while (batch.Count < MaxOperations && bytes < MaxBytes && _operations.TryTake(out next));
    }

    private void Execute(List<QueueOperation> batch)
    {
        try
        {
            var started = _time.GetTimestamp();
            _database ??= Open();
            _database.Begin();
            foreach (var operation in batch)
            {
                operation.Execute(_database);
            }

            _database.Commit();
            Telemetry.CommitDuration.Record(_time.GetElapsedTime(started).TotalSeconds);
            Telemetry.CommitOperations.Record(batch.Count);
        }
        catch (Exception e)
        {
            // Whatever happened, the connection is dropped: that rolls back, and the next batch begins with a fresh one.
            var reason = e is QueueUnavailableException ? e.Message : $"The queue's file {_path} did not confirm: {Explain(e)}";
            Log.Failed(_logger, batch.Count, reason, e);
            Telemetry.Failures.Add(batch.Count);
            CloseDatabase();
            foreach (var operation in batch)
            {
                operation.Fail(new QueueUnavailableException(reason, e));
            }

            return;
        }

        if (_database.MadeReady)
        {
            _madeReady();
        }

        foreach (var operation in batch)
        {
            operation.Complete();
        }
    }

    private QueueDatabase Open()
    {
        var connection = QueueSchema.Open(_path, _options.BusyTimeout);
        try
        {
            _owner ??= LeaseOwner.Create(_path);
            var database = new QueueDatabase(connection, _owner.Id, _options, _time, _logger);
            database.Begin();
            var dead = LeaseOwner.FindDead(_path);
            var recovered = dead.Sum(owner => database.ReleaseOwner(owner, countAttempt: true));
            database.Commit();
            dead.ForEach(owner => LeaseOwner.Forget(_path, owner));
            if (recovered > 0)
            {
                Log.Recovered(_logger, recovered);
            }

            Log.Opened(_logger, _path);
            return database;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private bool Shrink()
    {
        try
        {
            return _database!.Shrink();
        }
        catch (SqliteException e) when (e.SqliteErrorCode == 5)
        {
            // Another process writes: space is given back another time.
            return false;
        }
        catch (SqliteException e)
        {
            Log.Failed(_logger, 0, Explain(e), e);
            CloseDatabase();
            return false;
        }
    }

    private void Close(bool giveBack)
    {
        if (giveBack && _database is not null && _owner is not null)
        {
            try
            {
                _database.Begin();
                _database.ReleaseOwner(_owner.Id, countAttempt: false);
                _database.Commit();
            }
            catch (SqliteException e)
            {
                // The leases run out by themselves.
                Log.Failed(_logger, 0, Explain(e), e);
            }
        }

        CloseDatabase();
        if (giveBack)
        {
            _owner?.Dispose();
        }
        else
        {
            _owner?.Abandon();
        }
    }

    private void CloseDatabase()
    {
        try
        {
            _database?.Dispose();
        }
        catch (SqliteException e)
        {
            Log.Failed(_logger, 0, Explain(e), e);
        }

        _database = null;
    }

    private static string Explain(Exception exception) => exception switch
    {
        SqliteException { SqliteErrorCode: 13 } => "the disk is full. Free space or move the queue with SqliteQueueOptions.Path.",
        SqliteException { SqliteErrorCode: 5 or 6 } => "another process holds it locked. Try again; raise SqliteQueueOptions.BusyTimeout if this goes on.",
        SqliteException { SqliteErrorCode: 8 } or UnauthorizedAccessException => "it or its folder cannot be written. Give this user the right to write.",
        SqliteException { SqliteErrorCode: 11 or 26 } => "it is damaged or not a queue. Move it aside and keep it; a new one is made.",
        SqliteException { SqliteErrorCode: 14 } => "it cannot be opened. Check that its folder exists and can be written.",
        _ => $"{exception.Message}. Try again; if this goes on, check the disk.",
    };
}
