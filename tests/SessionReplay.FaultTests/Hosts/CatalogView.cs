using Npgsql;

namespace SessionReplay.FaultTests.Hosts;

/// <summary>Looks into a catalog on PostgreSQL behind everybody's back.</summary>
internal sealed class CatalogView(string connectionString) : ICatalogView
{
    public async Task<long> CountChunksAsync() =>
        (await QueryAsync("SELECT count(*) FROM session_replay.chunks", reader => reader.GetInt64(0))).Single();

    public async Task<int> CountHeldAsync(IReadOnlyCollection<Guid> sessions) =>
        (await QueryAsync(
            """
            SELECT s.session, b.window_id, b.seq FROM session_replay.sessions s JOIN session_replay.chunks c ON c.session_id = s.id
            JOIN session_replay.chunk_bodies b
                ON b.held_at = c.held_at AND b.session_id = c.session_id AND b.window_id = c.window_id AND b.seq = c.seq
            """,
            reader => (Session: reader.GetGuid(0), Window: reader.GetGuid(1), Seq: reader.GetInt64(2))))
            .Count(held => sessions.Contains(held.Session));

    /// <summary>What the tables with the bytes of chunks take on the disk.</summary>
    public async Task<long> ReadBodyBytesAsync() =>
        (await QueryAsync("SELECT session_replay.body_bytes()", reader => reader.GetInt64(0))).Single();

    /// <summary>Counts the chunks whose bytes outlived their session.</summary>
    public async Task<long> CountUnownedAsync() => (await QueryAsync(
        "SELECT count(*) FROM session_replay.chunk_bodies b WHERE NOT EXISTS (SELECT 1 FROM session_replay.sessions s WHERE s.id = b.session_id)",
        reader => reader.GetInt64(0))).Single();

    /// <summary>Drops the tables of bytes of which the catalog holds nothing, also before their quarter of an hour is over.</summary>
    public Task DropBodyTablesAsync() => QueryAsync(
        """
        SELECT session_replay.drop_body_table(substring(c.relname FROM 14)::bigint) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'session_replay.chunk_bodies'::regclass
        """,
        reader => reader.GetBoolean(0));

    /// <summary>The objects in which chunks lie.</summary>
    public Task<HashSet<string>> BlobKeysAsync() =>
        QueryAsync("SELECT DISTINCT blob_key FROM session_replay.chunks WHERE blob_key IS NOT NULL", reader => reader.GetString(0));

    public async Task<int> CountNotCompactedAsync(IReadOnlyCollection<Guid> sessions) =>
        sessions.Count - (await QueryAsync(
            "SELECT session FROM session_replay.sessions WHERE recording_key IS NOT NULL", reader => reader.GetGuid(0))).Intersect(sessions)
            .Count();

    /// <summary>The sessions of which there is a row.</summary>
    public Task<HashSet<Guid>> SessionsAsync() => QueryAsync("SELECT session FROM session_replay.sessions", reader => reader.GetGuid(0));

    // 30 days and an hour, in ms. A share of a tenant that is overdue by days would stop retention.
    private const long OneHourPastRetention = ((30 * 24) + 1) * 3_600_000L;

    /// <summary>Makes sessions an hour older than a tenant's retention.</summary>
    public Task MakeOldAsync(IReadOnlyCollection<Guid> sessions) => QueryAsync(
        $"UPDATE session_replay.sessions SET last_received_at = last_received_at - {OneHourPastRetention} WHERE session IN ({string.Join(", ", sessions.Select(session => $"'{session}'"))}) RETURNING session",
        reader => reader.GetGuid(0));

    /// <summary>Tells who is in a transaction or waits for one, for the messages of failing tests.</summary>
    public async Task<string> DescribeAsync() => "catalog:\n" + string.Join('\n', await QueryAsync(
        """
        SELECT concat_ws(' ', pid, state, wait_event_type, wait_event, age(now(), xact_start), 'blocked by', pg_blocking_pids(pid)::text, left(query, 100))
        FROM pg_stat_activity WHERE xact_start IS NOT NULL AND pid <> pg_backend_pid()
        """,
        reader => reader.GetString(0)));

    private async Task<HashSet<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new HashSet<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
