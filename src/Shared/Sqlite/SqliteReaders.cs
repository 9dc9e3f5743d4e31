using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace SessionReplay.Sqlite;

/// <summary>
/// The connections of a file for reading, which runs beside the writer. Each is used by one reader at a time and kept for the next.
/// </summary>
internal sealed class SqliteReaders(SqliteFile file) : IDisposable
{
    private const int MaxKept = 16;
    private readonly ConcurrentBag<SqliteStatements> _kept = [];
    private volatile bool _disposed;

    /// <summary>Reads one state of the file: what is written in between is not seen.</summary>
    public T Read<T>(Func<SqliteStatements, T> read) => Use(sql =>
    {
        sql.Execute("BEGIN");
        try
        {
            var result = read(sql);
            sql.Execute("ROLLBACK");
            return result;
        }
        catch (Exception e) when (e is not SqliteException)
        {
            sql.Execute("ROLLBACK");
            throw;
        }
    });

    /// <summary>Uses a connection outside of a transaction. One on which SQLite fails is not kept.</summary>
    public T Use<T>(Func<SqliteStatements, T> use)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var sql = _kept.TryTake(out var kept) ? kept : file.Open();
        var isWhole = true;
        try
        {
            return use(sql);
        }
        catch (SqliteException)
        {
            isWhole = false;
            throw;
        }
        finally
        {
            Return(sql, isWhole);
        }
    }

    public void Dispose()
    {
        _disposed = true;
        while (_kept.TryTake(out var sql))
        {
            sql.Dispose();
        }
    }

    private void Return(SqliteStatements sql, bool isWhole)
    {
        if (!isWhole || _disposed || _kept.Count >= MaxKept)
        {
            sql.Dispose();
            return;
        }

        _kept.Add(sql);
        if (_disposed)
        {
            Dispose();
        }
    }
}
