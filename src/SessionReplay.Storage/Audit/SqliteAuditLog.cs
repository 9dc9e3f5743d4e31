using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using SessionReplay.Audit;
using SessionReplay.Catalog;
using SessionReplay.Storage.Catalog;
using SessionReplay.Storage.Sqlite;

namespace SessionReplay.Storage.Audit;

/// <summary>The audit log in a SQLite file of its own; triggers refuse every change of a row.</summary>
internal sealed class SqliteAuditLog(IOptions<SqliteCatalogOptions> options) : IAuditLog, IAuditTransfer, IAsyncDisposable
{
    private static readonly AuditRows Rows = new(
        static (row, column) => row.GetInt64(column) == 1,
        static (row, column) => row.BytesOrNull(column) is { } id ? new Guid(id, bigEndian: true) : null);

    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE audit (
            number INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, allowed INTEGER NOT NULL, outcome TEXT NOT NULL,
            tenant TEXT, session BLOB, remote_address TEXT, detail TEXT, hash BLOB NOT NULL);
        CREATE INDEX audit_by_session ON audit (tenant, session, number);
        CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        """,
    ];

    private readonly SqliteDatabase _database = new(
        options.Value.AuditPath, Migrations, string.Empty, static (message, e) => new CatalogUnavailableException($"The audit log {message}", e));

    public async ValueTask AppendAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        await _database.WriteAsync(connection => Append(connection, entry), cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<IReadOnlyList<AuditRow>> ListAsync(SessionRef? session, long? before, int limit, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<AuditRow>>(
            connection => connection.Query(
                $"""
                SELECT {AuditRows.Columns} FROM audit WHERE number < $before {(session is null ? string.Empty : "AND tenant = $tenant AND session = $session")}
                ORDER BY number DESC LIMIT $limit
                """,
                Rows.Read,
                ("$tenant", session?.Tenant.Value), ("$session", session?.Session.Value.ToBytes()), ("$before", before ?? long.MaxValue), ("$limit", limit)),
            cancellationToken);

    public ValueTask<AuditBreak?> FindBreakAsync(CancellationToken cancellationToken) => AuditRows.FindBreakAsync(number => _database.ReadAsync(
        connection => connection.Query(
            $"SELECT {AuditRows.Columns} FROM audit WHERE number > $number ORDER BY number LIMIT {AuditRows.CheckBatch}", Rows.ReadForCheck, ("$number", number)),
        cancellationToken));

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    public ValueTask<bool> TryAppendAsync(IReadOnlyList<AuditRow> rows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return _database.WriteAsync(
            connection =>
            {
                var (number, hash) = Last(connection);
                if (!AuditRows.Continue(number, hash, rows))
                {
                    return false;
                }

                foreach (var row in rows)
                {
                    Insert(connection, row);
                }

                return true;
            },
            cancellationToken);
    }

    private static long Append(SqliteConnection connection, AuditEntry entry)
    {
        var (number, before) = Last(connection);
        Insert(connection, new(++number, entry, AuditChain.ComputeHash(before, number, entry)));
        return number;
    }

    private static (long Number, byte[] Hash) Last(SqliteConnection connection)
    {
        var last = connection.Query("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1", static row => (row.GetInt64(0), row.Bytes(1)));
        return last.Count == 0 ? (0, new byte[AuditChain.HashSize]) : last[0];
    }

    private static void Insert(SqliteConnection connection, AuditRow row)
    {
        var entry = row.Entry;
        connection.Execute(
            $"""
            INSERT INTO audit ({AuditRows.Columns})
            VALUES ($number, $at, $actor, $action, $allowed, $outcome, $tenant, $session, $remote, $detail, $hash)
            """,
            ("$number", row.Number), ("$at", entry.At.ToUnixTimeMilliseconds()), ("$actor", entry.Actor), ("$action", entry.Action),
            ("$allowed", entry.Allowed ? 1L : 0L), ("$outcome", entry.Outcome), ("$tenant", entry.Tenant?.Value), ("$session", entry.Session?.Value.ToBytes()),
            ("$remote", entry.RemoteAddress), ("$detail", entry.Detail), ("$hash", row.Hash.ToArray()));
    }
}
