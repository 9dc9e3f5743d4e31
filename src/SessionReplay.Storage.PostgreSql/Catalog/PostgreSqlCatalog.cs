using Npgsql;
using SessionReplay.Catalog;
using SessionReplay.Storage.PostgreSql.Database;
using static SessionReplay.Storage.PostgreSql.Database.Parameters;

namespace SessionReplay.Storage.PostgreSql.Catalog;

/// <summary>
/// The catalog in a schema of PostgreSQL. Safe with many processes: whoever records or deletes a session holds its lock until the commit.
/// </summary>
internal sealed partial class PostgreSqlCatalog(PostgreSqlDatabase database, long maxBytes)
    : ICatalogWriter, ICatalogReader, ISessionLifecycle, IAssetCatalog, IQuotaStore, ILiveViewStore, ICatalogTransfer, IAsyncDisposable
{
    private const string ByName = "WHERE s.tenant = @tenant AND s.session = @session";

    private readonly string _schema = database.Schema;
    private readonly BodyTables _bodies = new(database);

    /// <summary>The audit log lies in the same schema.</summary>
    public PostgreSqlDatabase Database => database;

    private string SelectSessions => $"SELECT {SessionColumns.All} FROM {_schema}.sessions s";

    private string SelectChunks => SelectChunksWith("c.facts, w.end_sealed");

    private string SelectPlaces => SelectChunksWith("''::bytea, ''::bytea");

    private string SelectChunksWith(string @sealed) =>
        $"""
        SELECT c.window_id, c.seq, c.blob_key, c.byte_offset, c.length, c.flags, c.compression, c.events, c.first_time, c.last_time, w.clock_offset,
            {@sealed}, c.digest
        FROM {_schema}.sessions s JOIN {_schema}.chunks c ON c.session_id = s.id
        JOIN {_schema}.windows w ON w.session_id = s.id AND w.window_id = c.window_id {ByName}
        """;

    public async ValueTask<IReadOnlyList<RecordOutcome>> RecordAsync(IReadOnlyList<ChunkRecord> chunks, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(chunks);
        if (chunks.Count == 0)
        {
            return [];
        }

        await _bodies.EnsureAsync(cancellationToken).ConfigureAwait(false);

        // All processes lock sessions in the same order, so that two groups which share some never wait for each other in a ring.
        var ordered = chunks.Index().OrderBy(c => c.Item.Header.Id.Tenant.Value, StringComparer.Ordinal)
            .ThenBy(c => c.Item.Header.Id.Session.Value).ToArray();
        return await database.BatchAsync(batch => RecordAsync(batch, ordered, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<CatalogSpace> ReadSpaceAsync(CancellationToken cancellationToken)
    {
        var used = await database.QueryAsync($"SELECT {_schema}.body_bytes()", static row => row.GetInt64(0), [], cancellationToken)
            .ConfigureAwait(false);
        return new(used[0], maxBytes);
    }

    private async ValueTask<IReadOnlyList<RecordOutcome>> RecordAsync(
        NpgsqlBatch batch, (int Index, ChunkRecord Item)[] ordered, CancellationToken cancellationToken)
    {
        foreach (var (_, chunk) in ordered)
        {
            batch.BatchCommands.Add(ChunkCommand.Create(_schema, chunk));
        }

        var outcomes = new RecordOutcome[ordered.Length];
        try
        {
            using var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            foreach (var (index, _) in ordered)
            {
                await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                outcomes[index] = reader.GetInt32(0) switch
                {
                    0 => RecordOutcome.Recorded,
                    1 => RecordOutcome.Duplicate,
                    3 => RecordOutcome.Conflict,
                    _ => RecordOutcome.SessionDeleted,
                };
                await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
            }

            return outcomes;
        }
        catch (PostgresException e) when (_bodies.IsMissing(e))
        {
            throw new CatalogUnavailableException(
                $"The catalog (schema {_schema}) has no table for the bytes of this moment; the next attempt makes it.", e);
        }
    }

    public async ValueTask<SessionPage> SearchAsync(SessionQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var (sql, parameters) = SessionSearch.Build(_schema, query);
        var rows = await database.QueryAsync(sql, SessionRows.ReadNamed, parameters, cancellationToken).ConfigureAwait(false);
        var limit = SessionSearch.Limit(query);
        if (rows.Count <= limit)
        {
            return new(rows, null);
        }

        rows.RemoveAt(limit);
        return new(rows, new(rows[^1].StartedAt, rows[^1].Session.Session));
    }

    public async ValueTask<SessionRow?> FindSessionAsync(SessionRef session, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync(
            $"SELECT {SessionRows.NamedColumns(_schema, SessionColumns.MaxNamesOfOne)} FROM {_schema}.sessions s {ByName} AND {SessionRows.Shown}",
            SessionRows.ReadNamed,
            Name(session),
            cancellationToken).ConfigureAwait(false);
        return rows.FirstOrDefault();
    }

    public ValueTask<IReadOnlyList<ChunkRow>> ListChunksAsync(
        SessionRef session, ChunkCursor? after, int limit, CancellationToken cancellationToken) =>
        ListAsync(SelectChunks, session, after, limit, cancellationToken);

    public ValueTask<IReadOnlyList<ChunkRow>> ListPlacesAsync(
        SessionRef session, ChunkCursor? after, int limit, bool heldOnly, CancellationToken cancellationToken) =>
        ListAsync(heldOnly ? $"{SelectPlaces} AND c.held_at IS NOT NULL" : SelectPlaces, session, after, limit, cancellationToken);

    public async ValueTask<ChunkRow?> FindChunkAsync(ChunkId chunk, CancellationToken cancellationToken) =>
        (await database.QueryAsync(
            $"{SelectChunks} AND c.window_id = @window AND c.seq = @seq",
            ReadChunk,
            [.. Name(chunk.SessionRef), Of("window", chunk.Window.Value), Of("seq", chunk.Seq)],
            cancellationToken).ConfigureAwait(false)).FirstOrDefault();

    public async ValueTask<IReadOnlyList<ChunkBody>> ReadBodiesAsync(
        SessionRef session, IReadOnlyCollection<ChunkCursor> chunks, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            $"""
            SELECT c.window_id, c.seq, b.body FROM unnest(@windows, @seqs) AS n (window_id, seq) CROSS JOIN {_schema}.sessions s
            JOIN {_schema}.chunks c ON c.session_id = s.id AND c.window_id = n.window_id AND c.seq = n.seq
            JOIN {_schema}.chunk_bodies b ON b.held_at = c.held_at AND b.session_id = c.session_id AND b.window_id = c.window_id AND b.seq = c.seq
            {ByName} ORDER BY c.window_id, c.seq
            """,
            static row => new ChunkBody(new(row.GetGuid(0)), (uint)row.GetInt64(1), row.Bytes(2)),
            [.. Name(session), Of("windows", [.. chunks.Select(static c => c.Window.Value)]),
            Of("seqs", [.. chunks.Select(static c => (long)c.Seq)])],
            cancellationToken).ConfigureAwait(false);

    public ValueTask<int> EndSessionsAsync(
        DateTimeOffset idleSince, DateTimeOffset startedBefore, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            $"UPDATE {_schema}.sessions SET ended_at = @now WHERE ended_at IS NULL AND (last_received_at < @idle OR session_started < @started)",
            [Of("now", now.ToUnixTimeMilliseconds()), Of("idle", idleSince.ToUnixTimeMilliseconds()),
            Of("started", startedBefore.ToUnixTimeMilliseconds())],
            cancellationToken);

    public async ValueTask<IReadOnlyList<SessionRow>> ListExpiredAsync(
        TenantId tenant, DateTimeOffset receivedBefore, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            $"{SelectSessions} WHERE s.tenant = @tenant AND s.deleting_at IS NULL AND s.last_received_at < @before ORDER BY s.last_received_at LIMIT @limit",
            SessionRows.Read,
            [Of("tenant", tenant.Value), Of("before", receivedBefore.ToUnixTimeMilliseconds()), Of("limit", limit)],
            cancellationToken).ConfigureAwait(false);

    public async ValueTask<(long Expired, long All)> CountExpiredAsync(
        TenantId tenant, DateTimeOffset receivedBefore, CancellationToken cancellationToken) =>
        (await database.QueryAsync(
            $"SELECT COUNT(*) FILTER (WHERE last_received_at < @before), COUNT(*) FROM {_schema}.sessions WHERE tenant = @tenant AND deleting_at IS NULL",
            static row => (row.GetInt64(0), row.GetInt64(1)),
            [Of("tenant", tenant.Value), Of("before", receivedBefore.ToUnixTimeMilliseconds())],
            cancellationToken).ConfigureAwait(false))[0];

    public async ValueTask<IReadOnlyList<SessionRow>> ListDeletingAsync(
        TenantId tenant, SessionId? after, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            $"""
            {SelectSessions} WHERE s.tenant = @tenant AND s.deleting_at IS NOT NULL {(after is null ? "" : "AND s.session > @after")}
            ORDER BY s.session LIMIT @limit
            """,
            SessionRows.Read,
            [Of("tenant", tenant.Value), Of("after", after?.Value), Of("limit", limit)],
            cancellationToken).ConfigureAwait(false);

    public ValueTask<SessionRow?> BeginDeletionAsync(SessionRef session, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.BatchAsync(
        async batch =>
        {
            AddTombstone(batch, session, now);
            Add(
                batch,
                $"""
                UPDATE {_schema}.sessions s SET deleting_at = COALESCE(s.deleting_at, @now), claims = s.claims + 1 {ByName}
                RETURNING {SessionColumns.All}
                """,
                [.. Name(session), Of("now", now.ToUnixTimeMilliseconds())]);
            using var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
            return await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? SessionRows.Read(reader) : null;
        },
        cancellationToken);

    public async ValueTask DeleteSessionAsync(SessionRef session, DateTimeOffset now, CancellationToken cancellationToken) =>
        await database.BatchAsync(
            async batch =>
            {
                AddTombstone(batch, session, now);
                Add(
                    batch,
                    $"""
                    DELETE FROM {_schema}.chunk_bodies b USING {_schema}.sessions s, {_schema}.chunks c {ByName} AND c.session_id = s.id
                    AND b.held_at = c.held_at AND b.session_id = c.session_id AND b.window_id = c.window_id AND b.seq = c.seq
                    """,
                    Name(session));
                Add(batch, $"DELETE FROM {_schema}.sessions s {ByName}", Name(session));
                return await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);

    public ValueTask DisposeAsync() => database.DisposeAsync();

    /// <summary>For the health check.</summary>
    public async ValueTask CheckAsync(CancellationToken cancellationToken) =>
        await database.QueryAsync($"SELECT 1 FROM {_schema}.sessions LIMIT 0", static _ => 0, [], cancellationToken).ConfigureAwait(false);

    private async ValueTask<IReadOnlyList<ChunkRow>> ListAsync(
        string chunks, SessionRef session, ChunkCursor? after, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            $"{chunks} {(after is null ? "" : "AND (c.window_id, c.seq) > (@window, @seq)")} ORDER BY c.window_id, c.seq LIMIT @limit",
            ReadChunk,
            [.. Name(session), Of("limit", limit),
            .. after is { } last ? (NpgsqlParameter[])[Of("window", last.Window.Value), Of("seq", last.Seq)] : []],
            cancellationToken).ConfigureAwait(false);

    /// <summary>Under the session's lock, so that what is being recorded is there before or is refused.</summary>
    private void AddTombstone(NpgsqlBatch batch, SessionRef session, DateTimeOffset now)
    {
        Add(batch, $"SELECT {_schema}.lock_session(@tenant, @session)", Name(session));
        Add(
            batch, $"INSERT INTO {_schema}.deleted_sessions (tenant, session, deleted_at) VALUES (@tenant, @session, @now) ON CONFLICT DO NOTHING",
            [.. Name(session), Of("now", now.ToUnixTimeMilliseconds())]);
    }

    private static void Add(NpgsqlBatch batch, string sql, NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddRange(parameters);
        batch.BatchCommands.Add(command);
    }

    private static NpgsqlParameter[] Name(SessionRef session) => [Of("tenant", session.Tenant.Value), Of("session", session.Session.Value)];

    private static ChunkRow ReadChunk(NpgsqlDataReader row) => ChunkRows.Read(row, row.GetGuid(0));
}
