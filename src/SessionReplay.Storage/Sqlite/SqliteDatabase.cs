using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace SessionReplay.Storage.Sqlite;

/// <summary>
/// A SQLite file with one writer: operations that wait at the same time are committed in one transaction (group commit), each is complete only
/// when the commit is on the disk. Reads run beside it (WAL).
/// </summary>
internal sealed class SqliteDatabase : IAsyncDisposable
{
    private const int MaxGroup = 256;

    private readonly string _path;
    private readonly IReadOnlyList<string> _migrations;
    private readonly string _pragmas;
    private readonly Func<string, Exception, Exception> _unavailable;
    private readonly Channel<SqliteOperation> _operations = Channel.CreateBounded<SqliteOperation>(10_000);
    private readonly Lazy<Task> _writer;
    private readonly Lock _open = new();
    private bool _migrated;

    /// <param name="path">The file.</param>
    /// <param name="migrations">The schema's steps in order; the number of those done is kept in the file (user_version).</param>
    /// <param name="pragmas">Further settings of each connection.</param>
    /// <param name="unavailable">Makes the error for callers of what SQLite said.</param>
    public SqliteDatabase(string path, IReadOnlyList<string> migrations, string pragmas, Func<string, Exception, Exception> unavailable)
    {
        _path = Path.GetFullPath(path);
        _migrations = migrations;
        _pragmas = pragmas;
        _unavailable = unavailable;
        _writer = new(() => Task.Factory.StartNew(
            WriteLoopAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap());
    }

    /// <summary>Runs an operation in a transaction and waits for the commit.</summary>
    public async ValueTask<T> WriteAsync<T>(Func<SqliteConnection, T> run, CancellationToken cancellationToken)
    {
        var operation = new SqliteOperation(connection => run(connection));
        _ = _writer.Value;
        await _operations.Writer.WriteAsync(operation, cancellationToken).ConfigureAwait(false);
        return (T)(await operation.Completion.WaitAsync(cancellationToken).ConfigureAwait(false))!;
    }

    /// <summary>Runs a query on a connection of its own.</summary>
    public async ValueTask<T> ReadAsync<T>(Func<SqliteConnection, T> run, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(
                () =>
                {
                    using var connection = Open();
                    using var transaction = connection.BeginTransaction(deferred: true);
                    return run(connection);
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (SqliteErrors.IsOutage(e))
        {
            throw Unavailable(e);
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.Refused(e);
        }
    }

    /// <summary>Moves the log into the file and empties it, so that what was deleted is in neither.</summary>
    public async ValueTask CheckpointAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Run(
                () =>
                {
                    using var connection = Open();
                    // It does not fail when somebody reads all the while, but says so.
                    if (connection.Scalar<long>("PRAGMA wal_checkpoint(TRUNCATE)") != 0)
                    {
                        throw new IOException("its log could not be emptied while it is read.");
                    }
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (SqliteErrors.IsOutage(e))
        {
            throw Unavailable(e);
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.Refused(e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _operations.Writer.TryComplete();
        if (_writer.IsValueCreated)
        {
            await _writer.Value.ConfigureAwait(false);
        }

        using var connection = new SqliteConnection(ConnectionString);
        SqliteConnection.ClearPool(connection);
    }

    private string ConnectionString => new SqliteConnectionStringBuilder { DataSource = _path, DefaultTimeout = 30 }.ToString();

    private async Task WriteLoopAsync()
    {
        SqliteConnection? connection = null;
        var group = new List<SqliteOperation>(MaxGroup);
        while (await _operations.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            group.Clear();
            while (group.Count < MaxGroup && _operations.Reader.TryRead(out var operation))
            {
                group.Add(operation);
            }

            try
            {
                connection ??= Open();
                Commit(connection, group);
            }
            catch (Exception e)
            {
                // The connection's state is unknown now; the next group gets a new one. Whatever it was: a writer that ended here would leave all callers waiting.
                connection?.Dispose();
                connection = null;
                var error = e is SqliteException || SqliteErrors.IsOutage(e) ? Unavailable(e) : e;
                group.ForEach(operation => operation.Fail(error));
            }
        }

        connection?.Dispose();
    }

    private static void Commit(SqliteConnection connection, List<SqliteOperation> group)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        foreach (var operation in group)
        {
            connection.Execute("SAVEPOINT one");
            operation.Run(connection);
            connection.Execute(operation.HasFailed ? "ROLLBACK TO one; RELEASE one" : "RELEASE one");
        }

        transaction.Commit();
        group.ForEach(operation => operation.Complete());
    }

    private SqliteConnection Open()
    {
        if (!_migrated)
        {
            lock (_open)
            {
                if (!_migrated)
                {
                    PrivateFile.CreateFolder(Path.GetDirectoryName(_path)!);
                    PrivateFile.Ensure(_path);
                    using var first = OpenRaw();
                    first.Execute("PRAGMA journal_mode = WAL");
                    Migrate(first);
                    _migrated = true;
                }
            }
        }

        return OpenRaw();
    }

    private SqliteConnection OpenRaw()
    {
        var connection = new SqliteConnection(ConnectionString);
        try
        {
            connection.Open();
            connection.Execute($"PRAGMA synchronous = FULL; PRAGMA busy_timeout = 30000; {_pragmas}");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Migrate(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        var done = (int)connection.Scalar<long>("PRAGMA user_version");
        if (done > _migrations.Count)
        {
            throw new InvalidOperationException($"{_path} was written by a newer version (schema {done}, this one knows {_migrations.Count}). Update the packages.");
        }

        for (; done < _migrations.Count; done++)
        {
            connection.Execute(_migrations[done]);
            connection.Execute($"PRAGMA user_version = {done + 1}");
        }

        transaction.Commit();
    }

    private Exception Unavailable(Exception e) => _unavailable($"{Path.GetFileName(_path)} cannot be used: {e.Message}", e);
}
