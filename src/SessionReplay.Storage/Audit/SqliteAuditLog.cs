using Microsoft.Extensions.Options;
using SessionReplay.Audit;
using SessionReplay.Catalog;
using SessionReplay.Storage.Catalog;
using SessionReplay.Sqlite;
using SessionReplay.Storage.Sqlite;

namespace SessionReplay.Storage.Audit;

/// <summary>The audit log in a SQLite file of its own; triggers refuse every change of a row.</summary>
internal sealed class SqliteAuditLog(IOptions<SqliteCatalogOptions> options) : IAuditLog, IAuditLifecycle, IAuditTransfer, IAsyncDisposable
{
    private static readonly AuditRows Rows = new(
        static (row, column) => row.GetInt64(column) == 1,
        static (row, column) => row.BytesOrNull(column) is { } id ? new Guid(id, bigEndian: true) : null);

    private static readonly string[] Schema =
    [
        """
        CREATE TABLE audit (
            number INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, allowed INTEGER NOT NULL, outcome TEXT NOT NULL,
            tenant TEXT, session BLOB, remote_address TEXT, detail TEXT, hash BLOB NOT NULL);
        CREATE INDEX audit_by_session ON audit (tenant, session, number);
        CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        CREATE TABLE audit_start (one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL, hash BLOB NOT NULL);
        INSERT INTO audit_start VALUES (1, 0, zeroblob(32));
        CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit WHEN OLD.number > (SELECT number FROM audit_start)
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER audit_start_forward BEFORE UPDATE ON audit_start
        WHEN NEW.number <= OLD.number OR (NEW.hash IS NOT (SELECT hash FROM audit WHERE number = NEW.number) AND EXISTS (SELECT 1 FROM audit))
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER audit_start_no_delete BEFORE DELETE ON audit_start BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        """,
    ];

    private readonly SqliteDatabase _database = new(
        new(options.Value.AuditPath, Schema),
        static (reason, e) => new CatalogUnavailableException($"The audit log is unavailable: {reason}", e));

    public async ValueTask AppendAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        await _database.WriteAsync(sql => Append(sql, entry), cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<IReadOnlyList<AuditRow>> ListAsync(
        SessionRef? session, long? before, int limit, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<AuditRow>>(
            sql => sql.Query(
                $"""
                SELECT {AuditRows.Columns} FROM audit WHERE number < $before {(session is null ? string.Empty : "AND tenant = $tenant AND session = $session")}
                ORDER BY number DESC LIMIT $limit
                """,
                Rows.Read,
                ("$tenant", session?.Tenant.Value), ("$session", session?.Session.Value.ToBytes()), ("$before", before ?? long.MaxValue),
                ("$limit", limit)),
            cancellationToken);

    public ValueTask<AuditBreak?> FindBreakAsync(CancellationToken cancellationToken) => AuditRows.FindBreakAsync(
        () => ReadStartAsync(cancellationToken),
        number => _database.ReadAsync(
            sql => sql.Query(
                $"SELECT {AuditRows.Columns} FROM audit WHERE number > $number ORDER BY number LIMIT {AuditRows.CheckBatch}",
                Rows.ReadForCheck, ("$number", number)),
            cancellationToken));

    public ValueTask<AuditMark> ReadStartAsync(CancellationToken cancellationToken) => _database.ReadAsync(ReadStart, cancellationToken);

    public ValueTask<int> RemoveAsync(DateTimeOffset before, DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        _database.WriteAsync(
        sql =>
        {
            var start = ReadStart(sql);
            var oldest = sql.Query(
                $"SELECT {AuditRows.Columns} FROM audit WHERE number < (SELECT MAX(number) FROM audit) ORDER BY number LIMIT $limit",
                Rows.Read, ("$limit", limit));
            if (AuditRows.Expired(start, oldest, before) is not [.., { } last] expired)
            {
                return 0;
            }

            var mark = new AuditMark(last.Number, last.Hash);
            Append(sql, mark.ToEntry(now));
            WriteStart(sql, mark);
            sql.Execute("DELETE FROM audit WHERE number <= $number", ("$number", mark.Number));
            return expired.Count;
        },
        cancellationToken);

    public ValueTask<bool> TryStartAsync(AuditMark start, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(start);
        return _database.WriteAsync(
            sql =>
            {
                if (Last(sql).Number > 0)
                {
                    return false;
                }

                WriteStart(sql, start);
                return true;
            },
            cancellationToken);
    }

    /// <summary>For the start: throws if a newer version has written the file.</summary>
    public ValueTask CheckVersionAsync(CancellationToken cancellationToken) => _database.CheckVersionAsync(cancellationToken);

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    public ValueTask<bool> TryAppendAsync(IReadOnlyList<AuditRow> rows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return _database.WriteAsync(
            sql =>
            {
                var (number, hash) = Last(sql);
                if (!AuditRows.Continue(number, hash, rows))
                {
                    return false;
                }

                foreach (var row in rows)
                {
                    Insert(sql, row);
                }

                return true;
            },
            cancellationToken);
    }

    private static long Append(SqliteStatements sql, AuditEntry entry)
    {
        var (number, before) = Last(sql);
        Insert(sql, new(++number, entry, AuditChain.ComputeHash(before, number, entry)));
        return number;
    }

    private static (long Number, byte[] Hash) Last(SqliteStatements sql)
    {
        var last = sql.Query("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1", static row => (row.GetInt64(0), row.Bytes(1)));
        if (last.Count > 0)
        {
            return last[0];
        }

        var start = ReadStart(sql);
        return (start.Number, start.Hash.ToArray());
    }

    private static AuditMark ReadStart(SqliteStatements sql) =>
        sql.Query("SELECT number, hash FROM audit_start", static row => new AuditMark(row.GetInt64(0), row.Bytes(1)))[0];

    private static void WriteStart(SqliteStatements sql, AuditMark start) =>
        sql.Execute("UPDATE audit_start SET number = $number, hash = $hash", ("$number", start.Number), ("$hash", start.Hash.ToArray()));

    private static void Insert(SqliteStatements sql, AuditRow row)
    {
        var entry = row.Entry;
        sql.Execute(
            $"""
            INSERT INTO audit ({AuditRows.Columns})
            VALUES ($number, $at, $actor, $action, $allowed, $outcome, $tenant, $session, $remote, $detail, $hash)
            """,
            ("$number", row.Number), ("$at", entry.At.ToUnixTimeMilliseconds()), ("$actor", entry.Actor), ("$action", entry.Action),
            ("$allowed", entry.Allowed ? 1L : 0L), ("$outcome", entry.Outcome), ("$tenant", entry.Tenant?.Value),
            ("$session", entry.Session?.Value.ToBytes()),
            ("$remote", entry.RemoteAddress), ("$detail", entry.Detail), ("$hash", row.Hash.ToArray()));
    }
}
