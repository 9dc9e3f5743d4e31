using SessionReplay.Catalog;
using SessionReplay.Sqlite;
using SessionReplay.Storage.Sqlite;

namespace SessionReplay.Storage.Catalog;

/// <content>Compaction: claims, what leaves the catalog for an object, and what an object replaces.</content>
internal sealed partial class SqliteCatalog
{
    /// <summary>How many pages are given back in one transaction: 16 MiB.</summary>
    private const int PagesAtATime = 4_096;

    public ValueTask<IReadOnlyList<CompactionClaim>> ClaimForCompactionAsync(
        int limit, HoldingLimits limits, DateTimeOffset now, DateTimeOffset claimUntil, CancellationToken cancellationToken) =>
        _database.WriteAsync<IReadOnlyList<CompactionClaim>>(
            sql => [.. ListDue(sql, limit, limits, now).Select(row => new CompactionClaim(row, (int)sql.Scalar<long>(
                "UPDATE sessions SET claimed_until = $until, claims = claims + 1 WHERE tenant = $tenant AND session = $session RETURNING claims",
                [.. Name(row.Session), ("$until", claimUntil.ToUnixTimeMilliseconds())])))],
            cancellationToken);

    public async ValueTask<bool> RenewClaimAsync(CompactionClaim claim, DateTimeOffset claimUntil, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return await _database.WriteAsync(
            sql => sql.Execute(
                "UPDATE sessions SET claimed_until = $until WHERE tenant = $tenant AND session = $session AND claims = $claim",
                [.. Name(claim.Row.Session), ("$claim", claim.Number), ("$until", claimUntil.ToUnixTimeMilliseconds())]),
            cancellationToken).ConfigureAwait(false) > 0;
    }

    public ValueTask<IReadOnlyList<string>?> CompleteCompactionAsync(
        CompactionClaim claim, CompactedObject written, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claim);
        ArgumentNullException.ThrowIfNull(written);
        return _database.WriteAsync<IReadOnlyList<string>?>(sql => Complete(sql, claim, written), cancellationToken);
    }

    /// <summary>
    /// A quarter of the file stays free for what arrives next. What is given back goes in small transactions, so that nobody waits long.
    /// </summary>
    public async ValueTask ReclaimSpaceAsync(CancellationToken cancellationToken)
    {
        while (await _database.WriteAsync(TryShrink, cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static bool TryShrink(SqliteStatements sql)
    {
        var (free, all) = (sql.Scalar<long>("PRAGMA freelist_count"), sql.Scalar<long>("PRAGMA page_count"));
        if (free < PagesAtATime || free < all / 4)
        {
            return false;
        }

        // It gives a row for each page. A file that was made without auto_vacuum stays as it is.
        sql.Query($"PRAGMA incremental_vacuum({PagesAtATime})", static _ => 0);
        return sql.Scalar<long>("PRAGMA freelist_count") < free;
    }

    private static List<SessionRow> ListDue(SqliteStatements sql, int limit, HoldingLimits limits, DateTimeOffset now)
    {
        const string Free = "deleting_at IS NULL AND claimed_until <= $now";
        return sql.Query(
            $"""
            {SessionRows.Select} WHERE s.id IN (
                SELECT id FROM (SELECT id FROM sessions WHERE ended_at IS NOT NULL AND recording_key IS NULL AND {Free} ORDER BY ended_at LIMIT $limit)
                UNION SELECT id FROM (SELECT id FROM sessions WHERE held_since IS NOT NULL AND held_since < $since AND {Free} ORDER BY held_since LIMIT $limit)
                UNION SELECT id FROM (
                    SELECT id FROM sessions WHERE held_since IS NOT NULL AND held_bytes >= $bytes AND {Free} ORDER BY held_bytes DESC LIMIT $limit))
            ORDER BY s.ended_at LIMIT $limit
            """,
            SessionRows.Read,
            ("$now", now.ToUnixTimeMilliseconds()), ("$limit", limit), ("$since", (now - limits.Age).ToUnixTimeMilliseconds()),
            ("$bytes", limits.Bytes));
    }

    private static List<string>? Complete(SqliteStatements sql, CompactionClaim claim, CompactedObject written)
    {
        var session = Name(claim.Row.Session);
        if (sql.Execute(
            """
            UPDATE sessions SET recording_key = COALESCE($key, recording_key), claimed_until = 0
            WHERE tenant = $tenant AND session = $session AND claims = $claim AND ($key IS NULL OR recording_key IS NULL OR recording_key = $key)
            """,
            [.. session, ("$claim", claim.Number), ("$key", written.IsRecording ? written.Key : null)]) == 0)
        {
            return null;
        }

        var id = sql.Scalar<long>("SELECT id FROM sessions WHERE tenant = $tenant AND session = $session", session);
        ChunkBodies.Move(sql, id, written.Moved);
        var named = sql.Query(
            "SELECT DISTINCT blob_key FROM chunks WHERE session_id = $id AND blob_key IS NOT NULL", static row => row.GetString(0), ("$id", id));
        foreach (var key in written.Replaced.Except(named))
        {
            sql.Execute(
                "INSERT INTO replaced_objects (session_id, blob_key) VALUES ($id, $key) ON CONFLICT DO NOTHING", ("$id", id),
                ("$key", key));
        }

        return sql.Query("SELECT blob_key FROM replaced_objects WHERE session_id = $id", static row => row.GetString(0), ("$id", id));
    }

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
}
