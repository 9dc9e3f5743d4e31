using SessionReplay.Sqlite;

namespace SessionReplay.Storage.Sqlite;

/// <summary>A SQLite file with one writer and readers beside it, and what SQLite says turned into the errors that callers know.</summary>
internal sealed class SqliteDatabase : IAsyncDisposable
{
    private const int MaxWaiting = 10_000;

    private readonly SqliteFile _file;
    private readonly PlainWork _work;
    private readonly SqliteWriter<SqliteStatements> _writer;
    private readonly SqliteReaders _readers;

    /// <param name="file">The file.</param>
    /// <param name="unavailable">Makes the error for callers of what is wrong with the file.</param>
    public SqliteDatabase(SqliteFile file, Func<string, Exception?, Exception> unavailable)
    {
        _file = file;
        _work = new(unavailable);
        _writer = new(file, _work, Path.GetFileName(file.Path));
        _readers = new(file);
    }

    /// <summary>Runs an operation in a transaction and waits for the commit.</summary>
    /// <param name="run">The operation.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="bytes">About how much it writes.</param>
    public async ValueTask<T> WriteAsync<T>(Func<SqliteStatements, T> run, CancellationToken cancellationToken, long bytes = 0)
    {
        if (_writer.Waiting > MaxWaiting)
        {
            throw _work.Unavailable($"{MaxWaiting} operations wait for the disk. Try again later.");
        }

        // Whoever goes away does not wait for a commit that has begun.
        return await _writer.RunAsync(run, cancellationToken, bytes).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs a query on a connection of its own.</summary>
    public ValueTask<T> ReadAsync<T>(Func<SqliteStatements, T> run, CancellationToken cancellationToken) =>
        RunAsync(() => _readers.Read(run), cancellationToken);

    /// <summary>Moves the log into the file and empties it, so that what was deleted is in neither.</summary>
    public async ValueTask CheckpointAsync(CancellationToken cancellationToken) => await RunAsync(
        // It does not fail when somebody reads all the while, but says so.
        () => _readers.Use(static sql => sql.Scalar<long>("PRAGMA wal_checkpoint(TRUNCATE)") == 0
            ? 0
            : throw new IOException("Its log could not be emptied while it is read.")),
        cancellationToken).ConfigureAwait(false);

    /// <summary>Throws if a newer version has written the file. Reads it on a connection of its own, and makes none.</summary>
    public ValueTask CheckVersionAsync(CancellationToken cancellationToken) => new(Task.Run(_file.CheckVersion, cancellationToken));

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync().ConfigureAwait(false);
        _readers.Dispose();
    }

    private async ValueTask<T> RunAsync<T>(Func<T> run, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(run, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (SqliteErrors.IsOutage(e))
        {
            throw _work.Unavailable(_file.Describe(e), e);
        }
        catch (Microsoft.Data.Sqlite.SqliteException e)
        {
            throw SqliteErrors.Refused(e);
        }
    }
}
