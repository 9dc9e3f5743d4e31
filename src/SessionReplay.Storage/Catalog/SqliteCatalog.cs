using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using SessionReplay.Catalog;
using SessionReplay.Sqlite;
using SessionReplay.Storage.Sqlite;

namespace SessionReplay.Storage.Catalog;

/// <summary>The catalog in a SQLite file.</summary>
internal sealed partial class SqliteCatalog(IOptions<SqliteCatalogOptions> options)
    : ICatalogWriter, ICatalogReader, ISessionLifecycle, IAssetCatalog, IQuotaStore, ICatalogTransfer, IAsyncDisposable
{
    private const string ChunkColumns =
        "c.window, c.seq, c.blob_key, c.offset, c.length, c.flags, c.compression, c.events, c.first_time, c.last_time, w.clock_offset, c.facts, w.end_sealed, c.digest";

    private const string ChunksOfSession =
        $"""
        SELECT {ChunkColumns} FROM sessions s JOIN chunks c ON c.session_id = s.id JOIN windows w ON w.session_id = s.id AND w.window = c.window
        WHERE s.tenant = $tenant AND s.session = $session
        """;

    private readonly SqliteDatabase _database = new(
        new(options.Value.Path, CatalogSchema.Steps) { Pragmas = "PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON" },
        static (reason, e) => new CatalogUnavailableException($"The catalog is unavailable: {reason}", e));

    public ValueTask<IReadOnlyList<RecordOutcome>> RecordAsync(IReadOnlyList<ChunkRecord> chunks, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(chunks);
        return _database.WriteAsync<IReadOnlyList<RecordOutcome>>(
            sql => [.. chunks.Select(chunk => ChunkWriter.Record(sql, chunk))], cancellationToken);
    }

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
        _database.ReadAsync<IReadOnlyList<ChunkRow>>(
            sql => sql.Query(
                $"{ChunksOfSession} {(after is null ? "" : "AND (c.window, c.seq) > ($window, $seq)")} ORDER BY c.window, c.seq LIMIT $limit",
                ReadChunk,
                [.. Name(session), ("$limit", limit), ("$window", after?.Window.Value.ToBytes()), ("$seq", (long?)after?.Seq)]),
            cancellationToken);

    public ValueTask<ChunkRow?> FindChunkAsync(ChunkId chunk, CancellationToken cancellationToken) => _database.ReadAsync(
        sql => sql.Query(
            $"{ChunksOfSession} AND c.window = $window AND c.seq = $seq",
            ReadChunk,
            [.. Name(chunk.SessionRef), ("$window", chunk.Window.Value.ToBytes()), ("$seq", (long)chunk.Seq)]).FirstOrDefault(),
        cancellationToken);

    public ValueTask<int> EndSessionsAsync(
        DateTimeOffset idleSince, DateTimeOffset startedBefore, DateTimeOffset now, CancellationToken cancellationToken) =>
            _database.WriteAsync(
        sql => sql.Execute(
            "UPDATE sessions SET ended_at = $now WHERE ended_at IS NULL AND (last_received_at < $idle OR session_started < $started)",
            ("$now", now.ToUnixTimeMilliseconds()), ("$idle", idleSince.ToUnixTimeMilliseconds()),
            ("$started", startedBefore.ToUnixTimeMilliseconds())),
        cancellationToken);

    public ValueTask<IReadOnlyList<CompactionClaim>> ClaimForCompactionAsync(
        int limit, DateTimeOffset now, DateTimeOffset claimUntil, CancellationToken cancellationToken) =>
        _database.WriteAsync<IReadOnlyList<CompactionClaim>>(
            sql =>
            {
                var free = sql.Query(
                    $"""
                    {SessionRows.Select}
                    WHERE s.ended_at IS NOT NULL AND s.recording_key IS NULL AND s.deleting_at IS NULL AND s.claimed_until <= $now ORDER BY s.ended_at LIMIT $limit
                    """,
                    SessionRows.Read,
                    ("$now", now.ToUnixTimeMilliseconds()), ("$limit", limit));
                return
                [
                    .. free.Select(row => new CompactionClaim(row, (int)sql.Scalar<long>(
                        "UPDATE sessions SET claimed_until = $until, claims = claims + 1 WHERE tenant = $tenant AND session = $session RETURNING claims",
                        [.. Name(row.Session), ("$until", claimUntil.ToUnixTimeMilliseconds())]))),
                ];
            },
            cancellationToken);

    public async ValueTask<bool> RenewClaimAsync(CompactionClaim claim, DateTimeOffset claimUntil, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return await _database.WriteAsync(
            sql => sql.Execute(
                "UPDATE sessions SET claimed_until = $until WHERE tenant = $tenant AND session = $session AND claims = $claim AND recording_key IS NULL",
                [.. Name(claim.Row.Session), ("$claim", claim.Number), ("$until", claimUntil.ToUnixTimeMilliseconds())]),
            cancellationToken).ConfigureAwait(false) > 0;
    }

    public ValueTask<IReadOnlyList<string>?> CompleteCompactionAsync(
        CompactionClaim claim, string recordingKey, IReadOnlyList<MovedChunk> moved, IReadOnlyCollection<string> replaced,
        CancellationToken cancellationToken) =>
        _database.WriteAsync<IReadOnlyList<string>?>(
        sql =>
        {
            var session = Name(claim.Row.Session);
            if (sql.Execute(
                """
                UPDATE sessions SET recording_key = $key, claimed_until = 0
                WHERE tenant = $tenant AND session = $session AND claims = $claim AND (recording_key IS NULL OR recording_key = $key)
                """,
                [.. session, ("$claim", claim.Number), ("$key", recordingKey)]) == 0)
            {
                return null;
            }

            var id = sql.Scalar<long>("SELECT id FROM sessions WHERE tenant = $tenant AND session = $session", session);
            foreach (var chunk in moved)
            {
                sql.Execute(
                    """
                    UPDATE chunks SET blob_key = $key, offset = $offset
                    WHERE session_id = $id AND window = $window AND seq = $seq AND blob_key = $from_key AND offset = $from_offset
                    """,
                    ("$id", id), ("$window", chunk.Window.Value.ToBytes()), ("$seq", (long)chunk.Seq), ("$key", chunk.To.BlobKey),
                    ("$offset", chunk.To.Offset), ("$from_key", chunk.From.BlobKey), ("$from_offset", chunk.From.Offset));
            }

            var named = sql.Query(
                "SELECT DISTINCT blob_key FROM chunks WHERE session_id = $id", static row => row.GetString(0), ("$id", id));
            foreach (var key in replaced.Except(named))
            {
                sql.Execute(
                    "INSERT INTO replaced_objects (session_id, blob_key) VALUES ($id, $key) ON CONFLICT DO NOTHING", ("$id", id),
                    ("$key", key));
            }

            return sql.Query("SELECT blob_key FROM replaced_objects WHERE session_id = $id", static row => row.GetString(0), ("$id", id));
        },
        cancellationToken);

    public ValueTask<IReadOnlyList<ReplacedObject>> ListReplacedAsync(
        ReplacedObject? after, int limit, CancellationToken cancellationToken) =>
        _database.ReadAsync<IReadOnlyList<ReplacedObject>>(
            sql => sql.Query(
                $"""
                SELECT s.tenant, s.session, r.blob_key FROM replaced_objects r JOIN sessions s ON s.id = r.session_id
                {(after is null ? "" : "WHERE (s.tenant, s.session, r.blob_key) > ($tenant, $session, $key)")}
                ORDER BY s.tenant, s.session, r.blob_key LIMIT $limit
                """,
                static row => new ReplacedObject(new(new(row.GetString(0)), new(row.Guid(1))), row.GetString(2)),
                [("$limit", limit), .. after is null ? [] : Name(after.Session), ("$key", after?.BlobKey)]),
            cancellationToken);

    public async ValueTask ForgetReplacedAsync(SessionRef session, IReadOnlyCollection<string> keys, CancellationToken cancellationToken) =>
        await _database.WriteAsync(
            sql =>
            {
                var id = sql.Scalar<long>("SELECT id FROM sessions WHERE tenant = $tenant AND session = $session", Name(session));
                return keys.Sum(
                    key => sql.Execute(
                        "DELETE FROM replaced_objects WHERE session_id = $id AND blob_key = $key", ("$id", id), ("$key", key)));
            },
            cancellationToken).ConfigureAwait(false);

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

    private static (string Name, object? Value)[] Name(SessionRef session) =>
        [("$tenant", session.Tenant.Value), ("$session", session.Session.Value.ToBytes())];

    private static void AddTombstone(SqliteStatements sql, SessionRef session, DateTimeOffset now) => sql.Execute(
        "INSERT INTO deleted_sessions (tenant, session, deleted_at) VALUES ($tenant, $session, $now) ON CONFLICT DO NOTHING",
        [.. Name(session), ("$now", now.ToUnixTimeMilliseconds())]);

    private static ChunkRow ReadChunk(SqliteDataReader row) => ChunkRows.Read(row, row.Guid(0));
}
