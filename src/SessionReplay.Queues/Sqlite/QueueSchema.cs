using Microsoft.Data.Sqlite;
using SessionReplay.Storage;

namespace SessionReplay.Queues;

/// <summary>Opens the file and brings its tables up to date.</summary>
internal static class QueueSchema
{
    private const long Version = 1;
    private const int OpenTries = 20;

    /// <summary>
    /// The bodies have a table of their own, so that leasing and settling never rewrite them. An id is unique among the messages; the dead letters
    /// keep their sequence (AUTOINCREMENT never gives one twice) and with it their body. Triggers count them, so that each transaction reads one row.
    /// </summary>
    private const string Tables = """
        CREATE TABLE IF NOT EXISTS messages(
          sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, published_at INTEGER NOT NULL,
          visible_at INTEGER NOT NULL, attempts INTEGER NOT NULL, bytes INTEGER NOT NULL, owner TEXT, lease INTEGER);
        CREATE INDEX IF NOT EXISTS messages_due ON messages(visible_at, sequence);
        CREATE INDEX IF NOT EXISTS messages_leased ON messages(owner) WHERE owner IS NOT NULL;
        CREATE TABLE IF NOT EXISTS dead_letters(
          sequence INTEGER PRIMARY KEY, id TEXT NOT NULL, published_at INTEGER NOT NULL, dead_at INTEGER NOT NULL,
          attempts INTEGER NOT NULL, bytes INTEGER NOT NULL, reason TEXT NOT NULL);
        CREATE INDEX IF NOT EXISTS dead_letters_age ON dead_letters(dead_at, sequence);
        CREATE INDEX IF NOT EXISTS dead_letters_use ON dead_letters((bytes > 0), dead_at, sequence);
        CREATE INDEX IF NOT EXISTS dead_letters_id ON dead_letters(id);
        CREATE TABLE IF NOT EXISTS dead_letter_totals(one INTEGER PRIMARY KEY CHECK(one = 1), letters INTEGER NOT NULL, bytes INTEGER NOT NULL);
        INSERT OR IGNORE INTO dead_letter_totals VALUES(1, 0, 0);
        CREATE TRIGGER IF NOT EXISTS dead_letter_added AFTER INSERT ON dead_letters BEGIN
          UPDATE dead_letter_totals SET letters = letters + 1, bytes = bytes + new.bytes;
        END;
        CREATE TRIGGER IF NOT EXISTS dead_letter_removed AFTER DELETE ON dead_letters BEGIN
          UPDATE dead_letter_totals SET letters = letters - 1, bytes = bytes - old.bytes;
        END;
        CREATE TABLE IF NOT EXISTS bodies(sequence INTEGER PRIMARY KEY, body BLOB NOT NULL);
        PRAGMA user_version = 1;
        """;

    internal static SqliteConnection Open(string path, TimeSpan busyTimeout)
    {
        PrivateFile.CreateFolder(Path.GetDirectoryName(path)!);
        PrivateFile.Ensure(path);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = 1, // The wait for other processes is SQLite's own, see busy_timeout.
        }.ToString());
        try
        {
            connection.Open();
            Run(connection, FormattableString.Invariant($"PRAGMA busy_timeout = {(int)busyTimeout.TotalMilliseconds};"));
            SwitchToWal(connection);
            Run(connection, "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = FAST; BEGIN IMMEDIATE;");
            var version = Number(connection, "PRAGMA user_version;");
            if (version > Version)
            {
                throw new QueueUnavailableException(
                    $"The queue's file {path} was written by a newer version (schema {version}, this version knows {Version}). Update this process.");
            }

            Run(connection, Tables + "COMMIT;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    internal static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    internal static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Only one process can change the journal mode, and SQLite does not wait for it; the mode stays in the file afterwards.</summary>
    private static void SwitchToWal(SqliteConnection connection)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Run(connection, "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;");
                return;
            }
            catch (SqliteException e) when (e.SqliteErrorCode == 5 && attempt < OpenTries)
            {
                Thread.Sleep(25);
            }
        }
    }
}
