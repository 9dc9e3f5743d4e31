using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace SessionReplay.Sqlite;

/// <summary>
/// The one thread of this process that writes a file. All operations that wait when it is free share the next transaction (group commit),
/// so that the price of a flush to the disk is paid once for all of them; each is confirmed only after the commit. One that fails by itself
/// leaves nothing behind, and the others go on.
/// </summary>
internal sealed class SqliteWriter<T> : IAsyncDisposable
    where T : class
{
    private const int MaxOperations = 512;
    private const long MaxBytes = 64 * 1024 * 1024;
    private readonly BlockingCollection<SqliteOperation<T>> _operations = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SqliteFile _file;
    private readonly SqliteWork<T> _work;
    private readonly Lazy<Thread> _thread;
    private SqliteStatements? _sql;
    private T? _tables;

    /// <param name="file">The file; it is opened at the first operation, and again after one that failed.</param>
    /// <param name="work">What its kind adds.</param>
    /// <param name="name">The name of the thread.</param>
    public SqliteWriter(SqliteFile file, SqliteWork<T> work, string name)
    {
        _file = file;
        _work = work;
        _thread = new(() =>
        {
            var thread = new Thread(Work) { IsBackground = true, Name = name };
            thread.Start();
            return thread;
        });
    }

    /// <summary>Gets how many operations wait.</summary>
    public int Waiting => _operations.Count;

    /// <summary>Runs an operation in the next transaction.</summary>
    /// <param name="execute">The operation.</param>
    /// <param name="cancellationToken">Ends the wait while the operation has not begun.</param>
    /// <param name="bytes">About how much it writes.</param>
    /// <exception cref="ObjectDisposedException">The writer has ended.</exception>
    public Task<TResult> RunAsync<TResult>(Func<T, TResult> execute, CancellationToken cancellationToken, long bytes = 0)
    {
        var operation = new SqliteOperation<T, TResult>(execute, bytes);
        try
        {
            _operations.Add(operation, CancellationToken.None);
            _ = _thread.Value;
        }
        catch (InvalidOperationException)
        {
            throw new ObjectDisposedException(_file.Path);
        }

        return operation.WaitAsync(cancellationToken);
    }

    /// <summary>Finishes what waits, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _operations.CompleteAdding();
        if (_thread.IsValueCreated)
        {
            await _ended.Task.ConfigureAwait(false);
        }
    }

    private void Work()
    {
        var group = new List<SqliteOperation<T>>();
        while (!_operations.IsCompleted)
        {
            group.Clear();
            Collect(group);
            if (group.Count > 0)
            {
                Run(group);
            }
        }

        Close();
        _ended.SetResult();
    }

    private void Collect(List<SqliteOperation<T>> group)
    {
        SqliteOperation<T>? next;
        while (!_operations.TryTake(out next, Tidy() ? 1 : Timeout.Infinite))
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
                group.Add(next);
                bytes += next.Bytes;
            }
        }
        while (group.Count < MaxOperations && bytes < MaxBytes && _operations.TryTake(out next));
    }

    private void Run(List<SqliteOperation<T>> group)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            Open();
            Commit(group);
            _work.Committed(_tables!, group.Count, Stopwatch.GetElapsedTime(started));
        }
        catch (Exception e)
        {
            // Whatever it was: the connection is dropped, which rolls back, and the next group has a new one. A writer that ended here
            // would leave all callers waiting.
            var error = Drop(group.Count, e);
            group.ForEach(operation => operation.Fail(error));
            return;
        }

        group.ForEach(static operation => operation.Complete());
    }

    private void Commit(List<SqliteOperation<T>> group)
    {
        _sql!.Execute("BEGIN IMMEDIATE");
        _work.Begin(_tables!);
        foreach (var operation in group)
        {
            if (_work.MayFailHalfway)
            {
                RunInSavepoint(operation);
            }
            else
            {
                operation.Run(_tables!, _work);
            }
        }

        _sql.Execute("COMMIT");
    }

    private void RunInSavepoint(SqliteOperation<T> operation)
    {
        _sql!.Execute("SAVEPOINT one");
        operation.Run(_tables!, _work);
        if (operation.Error is not null)
        {
            _sql.Execute("ROLLBACK TO one");
        }

        _sql.Execute("RELEASE one");
    }

    private void Open()
    {
        _sql ??= _file.Open();
        _tables ??= _work.Open(_sql);
    }

    private bool Tidy()
    {
        try
        {
            return _tables is not null && _work.Tidy(_tables);
        }
        catch (SqliteException e)
        {
            // Another process writes: it is done another time.
            if (!SqliteErrors.IsBusy(e))
            {
                Drop(0, e);
            }

            return false;
        }
    }

    private void Close()
    {
        try
        {
            if (_tables is not null)
            {
                _sql!.Execute("BEGIN IMMEDIATE");
                _work.End(_tables);
                _sql.Execute("COMMIT");
            }
        }
        catch (Exception e) when (e is SqliteException || SqliteErrors.IsOutage(e))
        {
            Drop(0, e);
        }

        _sql?.Dispose();
        _work.Closed();
    }

    /// <summary>Drops the connection after an error.</summary>
    /// <returns>The error for callers.</returns>
    private Exception Drop(int operations, Exception error)
    {
        var reason = _file.Describe(error);
        _work.Failed(operations, reason, error);
        (var sql, _sql, _tables) = (_sql, null, null);
        try
        {
            sql?.Dispose();
        }
        catch (SqliteException e)
        {
            _work.Failed(0, reason, e);
        }

        return _work.Unavailable(reason, error);
    }
}
