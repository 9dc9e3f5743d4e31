using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using SessionReplay.Audit;
using SessionReplay.Catalog;
using SessionReplay.Storage.Catalog;
using SessionReplay.Storage.Sqlite;

namespace SessionReplay.Storage.Audit;

/// <summary>The audit log in a SQLite file of its own; triggers refuse every change of a row.</summary>
internal sealed class SqliteAuditLog(IOptions<SqliteCatalogOptions> options) : IAuditLog, IAsyncDisposable
{
    private const string Columns = "number, at, actor, action, allowed, tenant, session, remote_address, detail, hash";
    private const int CheckBatch = 10_000;

    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE audit (
            number INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, allowed INTEGER NOT NULL,
            tenant TEXT, session BLOB, remote_address TEXT, detail TEXT, hash BLOB NOT NULL);
        CREATE INDEX audit_by_session ON audit (session, number);
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

    public ValueTask<IReadOnlyList<AuditRow>> ListAsync(SessionId? session, long? before, int limit, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<AuditRow>>(
            connection => connection.Query(
                $"""
                SELECT {Columns} FROM audit WHERE number < $before {(session is null ? string.Empty : "AND session = $session")}
                ORDER BY number DESC LIMIT $limit
                """,
                Read,
                ("$session", session?.Value.ToBytes()), ("$before", before ?? long.MaxValue), ("$limit", limit)),
            cancellationToken);

    public async ValueTask<long?> FindBreakAsync(CancellationToken cancellationToken)
    {
        var hash = new byte[AuditChain.HashSize];
        for (long number = 0; ;)
        {
            var rows = await _database.ReadAsync(
                connection => connection.Query(
                    $"SELECT {Columns} FROM audit WHERE number > $number ORDER BY number LIMIT $limit", Read, ("$number", number), ("$limit", CheckBatch)),
                cancellationToken).ConfigureAwait(false);
            foreach (var row in rows)
            {
                hash = AuditChain.ComputeHash(hash, ++number, row.Entry);
                if (row.Number != number || !row.Hash.Span.SequenceEqual(hash))
                {
                    return number;
                }
            }

            if (rows.Count < CheckBatch)
            {
                return null;
            }
        }
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static long Append(SqliteConnection connection, AuditEntry entry)
    {
        var last = connection.Query("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1", static row => (row.GetInt64(0), row.Bytes(1)));
        var (number, before) = last.Count == 0 ? (0, new byte[AuditChain.HashSize]) : last[0];
        connection.Execute(
            $"""
            INSERT INTO audit ({Columns})
            VALUES ($number, $at, $actor, $action, $allowed, $tenant, $session, $remote, $detail, $hash)
            """,
            ("$number", ++number), ("$at", entry.At.ToUnixTimeMilliseconds()), ("$actor", entry.Actor), ("$action", entry.Action),
            ("$allowed", entry.Allowed ? 1L : 0L), ("$tenant", entry.Tenant?.Value), ("$session", entry.Session?.Value.ToBytes()),
            ("$remote", entry.RemoteAddress), ("$detail", entry.Detail), ("$hash", AuditChain.ComputeHash(before, number, entry)));
        return number;
    }

    private static AuditRow Read(SqliteDataReader row) => new(
        row.GetInt64(0),
        new AuditEntry
        {
            At = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)),
            Actor = row.GetString(2),
            Action = row.GetString(3),
            Allowed = row.GetInt64(4) == 1,
            Tenant = row.TextOrNull(5) is { } tenant ? new TenantId(tenant) : null,
            Session = row.BytesOrNull(6) is { } session ? new SessionId(new Guid(session, bigEndian: true)) : null,
            RemoteAddress = row.TextOrNull(7),
            Detail = row.TextOrNull(8),
        },
        row.Bytes(9));
}
