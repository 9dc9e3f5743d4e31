using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using SessionReplay.Catalog;
using SessionReplay.Sqlite;
using SessionReplay.Storage.Sqlite;

namespace SessionReplay.Storage.Catalog;

/// <summary>The catalog in a SQLite file.</summary>
internal sealed partial class SqliteCatalog(IOptions<SqliteCatalogOptions> options, TimeProvider clock)
    : ICatalogWriter, ICatalogReader, ISessionLifecycle, IAssetCatalog, IQuotaStore, ILiveViewStore, ICatalogTransfer, IAsyncDisposable
{
    private const string ChunkColumns =
        "c.window, c.seq, c.blob_key, c.offset, c.length, c.flags, c.compression, c.events, c.first_time, c.last_time, w.clock_offset";

    private const string ChunksOfSession = $"SELECT {ChunkColumns}, c.facts, w.end_sealed, c.digest {FromSession}";

    private const string PlacesOfSession = $"SELECT {ChunkColumns}, x'', x'', c.digest {FromSession}";

    private const string FromSession =
        """
        FROM sessions s JOIN chunks c ON c.session_id = s.id JOIN windows w ON w.session_id = s.id AND w.window = c.window
        WHERE s.tenant = $tenant AND s.session = $session
        """;

    private readonly SqliteDatabase _database = new(
        new(options.Value.Path, CatalogSchema.Steps) { Pragmas = "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON" },
        static (reason, e) => new CatalogUnavailableException($"The catalog is unavailable: {reason}", e));

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public ValueTask<IReadOnlyList<RecordOutcome>> RecordAsync(IReadOnlyList<ChunkRecord> chunks, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(chunks);
        return _database.WriteAsync<IReadOnlyList<RecordOutcome>>(
            sql => [.. chunks.Select(chunk => ChunkWriter.Record(sql, chunk, Now))], cancellationToken,
            chunks.Sum(static chunk => (long)chunk.Body.Length));
    }

    public ValueTask<CatalogSpace> ReadSpaceAsync(CancellationToken cancellationToken) => _database.ReadAsync(
        sql => new CatalogSpace(
            sql.Scalar<long>("SELECT COALESCE(SUM(held_bytes), 0) FROM sessions WHERE held_since IS NOT NULL AND deleting_at IS NULL"),
            options.Value.MaxBytes),
        cancellationToken);

    public ValueTask<SessionPage> SearchAsync(SessionQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return _database.ReadAsync(sql => SessionSearch.Run(sql, query), cancellationToken);
    }

    public ValueTask<SessionRow?> FindSessionAsync(SessionRef session, CancellationToken cancellationToken) => _database.ReadAsync(
        sql =>
        {
            var rows = sql.Query(
                $"{SessionRows.Select} WHERE s.tenant = $tenant AND s.session = $session AND {SessionRows.Shown}", SessionRows.Read,
                Name(session));
            return rows.Count == 0 ? null : rows[0] with
            {
                Totals = rows[0].Totals with { CustomEvents = SessionRows.CustomEvents(sql, session, SessionColumns.MaxNamesOfOne) },
            };
        },
        cancellationToken);

    public ValueTask<IReadOnlyList<ChunkRow>> ListChunksAsync(
        SessionRef session, ChunkCursor? after, int limit, CancellationToken cancellationToken) =>
        ListAsync(ChunksOfSession, session, after, limit, cancellationToken);

    public ValueTask<IReadOnlyList<ChunkRow>> ListPlacesAsync(
        SessionRef session, ChunkCursor? after, int limit, bool heldOnly, CancellationToken cancellationToken) =>
        ListAsync(
            heldOnly ? $"{PlacesOfSession} AND c.blob_key IS NULL" : PlacesOfSession, session, after, limit, cancellationToken);

    public ValueTask<ChunkRow?> FindChunkAsync(ChunkId chunk, CancellationToken cancellationToken) => _database.ReadAsync(
        sql => sql.Query(
            $"{ChunksOfSession} AND c.window = $window AND c.seq = $seq",
            ReadChunk,
            [.. Name(chunk.SessionRef), ("$window", chunk.Window.Value.ToBytes()), ("$seq", (long)chunk.Seq)]).FirstOrDefault(),
        cancellationToken);

    public ValueTask<IReadOnlyList<ChunkBody>> ReadBodiesAsync(
        SessionRef session, IReadOnlyCollection<ChunkCursor> chunks, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<ChunkBody>>(sql => ChunkBodies.Read(sql, session, chunks), cancellationToken);

    public ValueTask<int> EndSessionsAsync(
        DateTimeOffset idleSince, DateTimeOffset startedBefore, DateTimeOffset now, CancellationToken cancellationToken) =>
            _database.WriteAsync(
        sql => sql.Execute(
            "UPDATE sessions SET ended_at = $now WHERE ended_at IS NULL AND (last_received_at < $idle OR session_started < $started)",
            ("$now", now.ToUnixTimeMilliseconds()), ("$idle", idleSince.ToUnixTimeMilliseconds()),
            ("$started", startedBefore.ToUnixTimeMilliseconds())),
        cancellationToken);

    public ValueTask<IReadOnlyList<SessionRow>> ListExpiredAsync(
        TenantId tenant, DateTimeOffset receivedBefore, int limit, CancellationToken cancellationToken) =>
            _database.ReadAsync<IReadOnlyList<SessionRow>>(
        sql => sql.Query(
            $"""
            {SessionRows.Select} WHERE s.tenant = $tenant AND s.deleting_at IS NULL AND s.last_received_at < $before
            ORDER BY s.last_received_at LIMIT $limit
            """,
            SessionRows.Read,
            ("$tenant", tenant.Value), ("$before", receivedBefore.ToUnixTimeMilliseconds()), ("$limit", limit)),
        cancellationToken);

    public ValueTask<(long Expired, long All)> CountExpiredAsync(
        TenantId tenant, DateTimeOffset receivedBefore, CancellationToken cancellationToken) => _database.ReadAsync(
        sql => sql.Query(
            "SELECT COUNT(*) FILTER (WHERE last_received_at < $before), COUNT(*) FROM sessions WHERE tenant = $tenant AND deleting_at IS NULL",
            static row => (row.GetInt64(0), row.GetInt64(1)),
            ("$tenant", tenant.Value), ("$before", receivedBefore.ToUnixTimeMilliseconds()))[0],
        cancellationToken);

    public ValueTask<IReadOnlyList<SessionRow>> ListDeletingAsync(
        TenantId tenant, SessionId? after, int limit, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<SessionRow>>(
            sql => sql.Query(
                $"""
                {SessionRows.Select} WHERE s.tenant = $tenant AND s.deleting_at IS NOT NULL {(after is null ? "" : "AND s.session > $after")}
                ORDER BY s.session LIMIT $limit
                """,
                SessionRows.Read,
                ("$tenant", tenant.Value), ("$after", after?.Value.ToBytes()), ("$limit", limit)),
            cancellationToken);

    public ValueTask<SessionRow?> BeginDeletionAsync(SessionRef session, DateTimeOffset now, CancellationToken cancellationToken) =>
        _database.WriteAsync(
        sql =>
        {
            AddTombstone(sql, session, now);
            sql.Execute(
                "UPDATE sessions SET deleting_at = COALESCE(deleting_at, $now), claims = claims + 1 WHERE tenant = $tenant AND session = $session",
                [.. Name(session), ("$now", now.ToUnixTimeMilliseconds())]);
            return sql.Query($"{SessionRows.Select} WHERE s.tenant = $tenant AND s.session = $session", SessionRows.Read, Name(session))
                .FirstOrDefault();
        },
        cancellationToken);

    public async ValueTask DeleteSessionAsync(SessionRef session, DateTimeOffset now, CancellationToken cancellationToken) =>
        await _database.WriteAsync(
        sql =>
        {
            AddTombstone(sql, session, now);
            return sql.Execute("DELETE FROM sessions WHERE tenant = $tenant AND session = $session", Name(session));
        },
        cancellationToken).ConfigureAwait(false);

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    /// <summary>For the start: throws if a newer version has written the file.</summary>
    public ValueTask CheckVersionAsync(CancellationToken cancellationToken) => _database.CheckVersionAsync(cancellationToken);

    /// <summary>For the health check.</summary>
    public async ValueTask CheckAsync(CancellationToken cancellationToken) =>
        await _database.ReadAsync(static sql => sql.Scalar<long>("SELECT 1"), cancellationToken).ConfigureAwait(false);

    private ValueTask<IReadOnlyList<ChunkRow>> ListAsync(
        string chunks, SessionRef session, ChunkCursor? after, int limit, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<ChunkRow>>(
            sql => sql.Query(
                $"{chunks} {(after is null ? "" : "AND (c.window, c.seq) > ($window, $seq)")} ORDER BY c.window, c.seq LIMIT $limit",
                ReadChunk,
                [.. Name(session), ("$limit", limit), ("$window", after?.Window.Value.ToBytes()), ("$seq", (long?)after?.Seq)]),
            cancellationToken);

    private static (string Name, object? Value)[] Name(SessionRef session) =>
        [("$tenant", session.Tenant.Value), ("$session", session.Session.Value.ToBytes())];

    private static void AddTombstone(SqliteStatements sql, SessionRef session, DateTimeOffset now) => sql.Execute(
        "INSERT INTO deleted_sessions (tenant, session, deleted_at) VALUES ($tenant, $session, $now) ON CONFLICT DO NOTHING",
        [.. Name(session), ("$now", now.ToUnixTimeMilliseconds())]);

    private static ChunkRow ReadChunk(SqliteDataReader row) => ChunkRows.Read(row, row.Guid(0));
}
