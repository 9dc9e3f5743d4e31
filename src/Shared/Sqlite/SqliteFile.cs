using Microsoft.Data.Sqlite;
using SessionReplay.Files;

namespace SessionReplay.Sqlite;

/// <summary>
/// A SQLite file of one kind. It is its owner's only, written through a log (WAL), and a commit is on the disk when it returns. Any number
/// of processes of one machine may open it.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="schema">The steps of its schema; one that was released is never changed.</param>
internal sealed class SqliteFile(string path, IReadOnlyList<string> schema)
{
    private const int WalTries = 20;
    private DriveInfo? _disk;

    /// <summary>Gets the whole path of the file.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Gets settings of each connection beside those that all files have.</summary>
    public string Pragmas { get; init; } = "PRAGMA secure_delete = ON";

    /// <summary>Gets how long a statement waits for the lock of another process.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets how many bytes of the file's disk are free.</summary>
    public long FreeBytesOfDisk => (_disk ??= new(System.IO.Path.GetDirectoryName(Path)!)).AvailableFreeSpace;

    /// <summary>Opens a connection; makes the file where there is none, and brings its schema up to date.</summary>
    public SqliteStatements Open()
    {
        PrivateFile.CreateFolder(System.IO.Path.GetDirectoryName(Path)!);
        PrivateFile.Ensure(Path);
        return Connect(sql =>
        {
            SwitchToWal(sql);
            sql.Execute("PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864; PRAGMA temp_store = MEMORY");
            SqliteMigrations.Run(sql, schema, Path);
        });
    }

    /// <summary>Throws if a newer version has written the file. Neither makes a file nor changes its schema.</summary>
    /// <exception cref="Versions.NewerDatabaseException">A newer version has written the file.</exception>
    public void CheckVersion()
    {
        if (File.Exists(Path))
        {
            Connect(sql => SqliteMigrations.Check(sql, schema, Path)).Dispose();
        }
    }

    /// <summary>Says which file fails, by what, and what to do.</summary>
    public string Describe(Exception error) => $"The file {Path} failed. {SqliteErrors.Explain(error)}";

    private SqliteStatements Connect(Action<SqliteStatements> prepare)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = 1, // The wait for other processes is SQLite's own, see busy_timeout.
        }.ToString());
        try
        {
            connection.Open();
            var sql = new SqliteStatements(connection);
            sql.Execute(FormattableString.Invariant($"PRAGMA busy_timeout = {(int)BusyTimeout.TotalMilliseconds}; {Pragmas}"));
            prepare(sql);
            return sql;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Only one process can change the journal mode, and SQLite does not wait for it; the mode stays in the file afterwards.
    /// </summary>
    private static void SwitchToWal(SqliteStatements sql)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                sql.Execute("PRAGMA journal_mode = WAL");
                return;
            }
            catch (SqliteException e) when (SqliteErrors.IsBusy(e) && attempt < WalTries)
            {
                Thread.Sleep(25);
            }
        }
    }
}
