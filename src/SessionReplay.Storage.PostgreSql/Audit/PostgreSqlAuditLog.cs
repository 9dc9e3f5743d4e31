using Npgsql;
using SessionReplay.Audit;
using SessionReplay.Storage.PostgreSql.Database;
using static SessionReplay.Storage.PostgreSql.Database.Parameters;

namespace SessionReplay.Storage.PostgreSql.Audit;

/// <summary>
/// The audit log in a table of the catalog's schema; a trigger refuses every change of a row, and appends wait for each other.
/// </summary>
internal sealed class PostgreSqlAuditLog(PostgreSqlDatabase database) : IAuditLog, IAuditLifecycle, IAuditTransfer, IDisposable
{
    private static readonly AuditRows Rows = new(
        static (row, column) => row.GetBoolean(column), static (row, column) => row.IsDBNull(column) ? null : row.GetGuid(column));

    private readonly string _table = $"{database.Schema}.audit";

    /// <summary>Who waits for the others' appends waits here and not on a connection: the catalog has the same pool.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    public async ValueTask AppendAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await database.WriteAsync(connection => AppendAsync(connection, entry, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask<IReadOnlyList<AuditRow>> ListAsync(
        SessionRef? session, long? before, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            $"SELECT {AuditRows.Columns} FROM {_table} WHERE number < @before {(session is null ? "" : "AND tenant = @tenant AND session = @session")} ORDER BY number DESC LIMIT @limit",
            Rows.Read,
            [Of("before", before ?? long.MaxValue), Of("limit", limit),
            .. session is { } id ? (NpgsqlParameter[])[Of("tenant", id.Tenant.Value), Of("session", id.Session.Value)] : []],
            cancellationToken).ConfigureAwait(false);

    public ValueTask<AuditBreak?> FindBreakAsync(CancellationToken cancellationToken) => AuditRows.FindBreakAsync(
        () => ReadStartAsync(cancellationToken),
        number => database.QueryAsync(
            $"SELECT {AuditRows.Columns} FROM {_table} WHERE number > @number ORDER BY number LIMIT {AuditRows.CheckBatch}",
            Rows.ReadForCheck, [Of("number", number)],
            cancellationToken));

    public async ValueTask<AuditMark> ReadStartAsync(CancellationToken cancellationToken) =>
        (await database.QueryAsync($"SELECT number, hash FROM {_table}_start", ReadMark, [], cancellationToken).ConfigureAwait(false))[0];

    public ValueTask<int> RemoveAsync(DateTimeOffset before, DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        database.WriteAsync(
        async connection =>
        {
            await LockAsync(connection, cancellationToken).ConfigureAwait(false);
            var start = await ReadStartAsync(connection, cancellationToken).ConfigureAwait(false);
            using var list = new NpgsqlCommand(
                $"SELECT {AuditRows.Columns} FROM {_table} WHERE number < (SELECT MAX(number) FROM {_table}) ORDER BY number LIMIT @limit",
                connection)
            {
                Parameters = { Of("limit", limit) },
            };
            var oldest = await list.ReadAllAsync(Rows.Read, cancellationToken).ConfigureAwait(false);
            if (AuditRows.Expired(start, oldest, before) is not [.., { } last] expired)
            {
                return 0;
            }

            var mark = new AuditMark(last.Number, last.Hash);
            await AppendAsync(connection, mark.ToEntry(now), cancellationToken).ConfigureAwait(false);
            await WriteStartAsync(connection, mark, cancellationToken).ConfigureAwait(false);
            using var delete = new NpgsqlCommand(
                $"DELETE FROM {_table} WHERE number <= @number", connection) { Parameters = { Of("number", mark.Number) } };
            await delete.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            return expired.Count;
        },
        cancellationToken);

    public ValueTask<bool> TryStartAsync(AuditMark start, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(start);
        return database.WriteAsync(
            async connection =>
            {
                var (number, _) = await LockAsync(connection, cancellationToken).ConfigureAwait(false);
                if (number > 0)
                {
                    return false;
                }

                await WriteStartAsync(connection, start, cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken);
    }

    public void Dispose() => _turn.Dispose();

    public ValueTask<bool> TryAppendAsync(IReadOnlyList<AuditRow> rows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return database.WriteAsync(
            async connection =>
            {
                var (number, hash) = await LockAsync(connection, cancellationToken).ConfigureAwait(false);
                if (!AuditRows.Continue(number, hash, rows))
                {
                    return false;
                }

                foreach (var row in rows)
                {
                    await InsertAsync(connection, row, cancellationToken).ConfigureAwait(false);
                }

                return true;
            },
            cancellationToken);
    }

    private async ValueTask<long> AppendAsync(NpgsqlConnection connection, AuditEntry entry, CancellationToken cancellationToken)
    {
        var (number, before) = await LockAsync(connection, cancellationToken).ConfigureAwait(false);
        number++;
        await InsertAsync(connection, new(number, entry, AuditChain.ComputeHash(before, number, entry)), cancellationToken)
            .ConfigureAwait(false);
        return number;
    }

    /// <summary>Waits for the appends of all processes, and reads the last row.</summary>
    private async ValueTask<(long Number, byte[] Hash)> LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Each row's hash covers the one before it: appends of all processes go one after the other. Not by a lock of the table, which
        // would wait for a vacuum.
        using (var wait = new NpgsqlCommand($"SELECT pg_advisory_xact_lock(hashtextextended('session-replay {_table}', 0))", connection))
        {
            await wait.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }

        using var last = new NpgsqlCommand($"SELECT number, hash FROM {_table} ORDER BY number DESC LIMIT 1", connection);
        var rows = await last.ReadAllAsync(static row => (row.GetInt64(0), row.Bytes(1)), cancellationToken).ConfigureAwait(false);
        if (rows.Count > 0)
        {
            return rows[0];
        }

        var start = await ReadStartAsync(connection, cancellationToken).ConfigureAwait(false);
        return (start.Number, start.Hash.ToArray());
    }

    private static AuditMark ReadMark(NpgsqlDataReader row) => new(row.GetInt64(0), row.Bytes(1));

    private async ValueTask<AuditMark> ReadStartAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var read = new NpgsqlCommand($"SELECT number, hash FROM {_table}_start", connection);
        return (await read.ReadAllAsync(ReadMark, cancellationToken).ConfigureAwait(false))[0];
    }

    private async ValueTask WriteStartAsync(NpgsqlConnection connection, AuditMark start, CancellationToken cancellationToken)
    {
        using var write = new NpgsqlCommand($"UPDATE {_table}_start SET number = @number, hash = @hash", connection)
        {
            Parameters = { Of("number", start.Number), Of("hash", start.Hash) },
        };
        await write.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask InsertAsync(NpgsqlConnection connection, AuditRow row, CancellationToken cancellationToken)
    {
        var entry = row.Entry;
        using var insert = new NpgsqlCommand(
            $"INSERT INTO {_table} ({AuditRows.Columns}) VALUES (@number, @at, @actor, @action, @allowed, @outcome, @tenant, @session, @remote, @detail, @hash)", connection)
        {
            Parameters =
            {
                Of("number", row.Number), Of("at", entry.At.ToUnixTimeMilliseconds()), Of("actor", entry.Actor), Of("action", entry.Action),
                Of("allowed", entry.Allowed), Of("outcome", entry.Outcome), Of("tenant", entry.Tenant?.Value),
                Of("session", entry.Session?.Value), Of("remote", entry.RemoteAddress),
                Of("detail", entry.Detail), Of("hash", row.Hash),
            },
        };
        await insert.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
