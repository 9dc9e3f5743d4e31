using Npgsql;
using SessionReplay.Catalog;
using SessionReplay.Storage.PostgreSql.Database;
using static SessionReplay.Storage.PostgreSql.Database.Parameters;

namespace SessionReplay.Storage.PostgreSql.Catalog;

/// <content>Compaction: claims, and what a recording object replaces.</content>
internal sealed partial class PostgreSqlCatalog
{
    private const string Free = "e.deleting_at IS NULL AND e.claimed_until <= @now";

    /// <summary>How many sessions beyond the limit are looked at, since others may be claiming the first ones at this moment.</summary>
    private const int MaxClaimers = 64;

    public async ValueTask<IReadOnlyList<CompactionClaim>> ClaimForCompactionAsync(
        int limit, HoldingLimits limits, DateTimeOffset now, DateTimeOffset claimUntil, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            $"""
            UPDATE {_schema}.sessions s SET claimed_until = @until, claims = s.claims + 1 WHERE s.id IN (
                SELECT f.id FROM {_schema}.sessions f WHERE f.deleting_at IS NULL AND f.claimed_until <= @now AND f.id IN (
                    (SELECT e.id FROM {_schema}.sessions e WHERE e.ended_at IS NOT NULL AND e.recording_key IS NULL AND {Free}
                     ORDER BY e.ended_at LIMIT @look)
                    UNION (SELECT e.id FROM {_schema}.sessions e WHERE e.held_since IS NOT NULL AND e.held_since < (SELECT {_schema}.now_ms() - @age) AND {Free}
                     ORDER BY e.held_since LIMIT @look)
                    UNION (SELECT e.id FROM {_schema}.sessions e WHERE e.held_since IS NOT NULL AND e.held_bytes >= @bytes AND {Free}
                     ORDER BY e.held_bytes DESC LIMIT @look))
                ORDER BY f.held_bytes DESC LIMIT @limit FOR UPDATE SKIP LOCKED)
            RETURNING {SessionColumns.All}, s.claims
            """,
            static row => new CompactionClaim(SessionRows.Read(row), row.GetInt32(29)),
            [Of("now", now.ToUnixTimeMilliseconds()), Of("until", claimUntil.ToUnixTimeMilliseconds()), Of("limit", limit),
            Of("look", limit + MaxClaimers), Of("age", (long)limits.Age.TotalMilliseconds), Of("bytes", limits.Bytes)],
            cancellationToken).ConfigureAwait(false);

    public async ValueTask<bool> RenewClaimAsync(CompactionClaim claim, DateTimeOffset claimUntil, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return await database.ExecuteAsync(
            $"UPDATE {_schema}.sessions s SET claimed_until = @until {ByName} AND s.claims = @claim",
            [.. Name(claim.Row.Session), Of("claim", claim.Number), Of("until", claimUntil.ToUnixTimeMilliseconds())],
            cancellationToken).ConfigureAwait(false) > 0;
    }

    public ValueTask<IReadOnlyList<string>?> CompleteCompactionAsync(
        CompactionClaim claim, CompactedObject written, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(claim);
        ArgumentNullException.ThrowIfNull(written);
        return database.WriteAsync<IReadOnlyList<string>?>(
            async connection =>
            {
                if (await NoteObjectAsync(connection, claim, written, cancellationToken).ConfigureAwait(false) is not { } id)
                {
                    return null;
                }

                await MoveChunksAsync(connection, id, written.Moved, cancellationToken).ConfigureAwait(false);
                return await NoteReplacedAsync(connection, id, written.Replaced, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken);
    }

    public ValueTask ReclaimSpaceAsync(CancellationToken cancellationToken) => _bodies.DropAsync(cancellationToken);

    /// <returns>The row's id of the session; <see langword="null"/> when the claim is lost.</returns>
    private async Task<long?> NoteObjectAsync(
        NpgsqlConnection connection, CompactionClaim claim, CompactedObject written, CancellationToken cancellationToken)
    {
        using var note = new NpgsqlCommand(
            $"""
            UPDATE {_schema}.sessions s SET recording_key = COALESCE(@key, s.recording_key), claimed_until = 0
            {ByName} AND s.claims = @claim AND (@key IS NULL OR s.recording_key IS NULL OR s.recording_key = @key) RETURNING s.id
            """,
            connection);
        note.Parameters.AddRange((NpgsqlParameter[])
            [.. Name(claim.Row.Session), Of("claim", claim.Number), Of("key", written.IsRecording ? written.Key : null)]);
        return (long?)await note.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task MoveChunksAsync(
        NpgsqlConnection connection, long id, IReadOnlyList<MovedChunk> moved, CancellationToken cancellationToken)
    {
        using var move = new NpgsqlCommand(
            $"""
            UPDATE {_schema}.chunks c SET blob_key = m.key, byte_offset = m.at, held_at = NULL
            FROM unnest(@windows, @seqs, @keys, @ats, @from_keys, @from_ats) AS m (win, seq, key, at, from_key, from_at)
            WHERE c.session_id = @id AND c.window_id = m.win AND c.seq = m.seq AND COALESCE(c.blob_key, '') = m.from_key AND c.byte_offset = m.from_at
            """,
            connection);
        move.Parameters.AddRange((NpgsqlParameter[])
        [
            Of("id", id), Of("windows", moved.Select(m => m.Window.Value).ToArray()),
            Of("seqs", moved.Select(m => (long)m.Seq).ToArray()),
            Of("keys", moved.Select(m => m.To.BlobKey!).ToArray()), Of("ats", moved.Select(m => m.To.Offset).ToArray()),
            Of("from_keys", moved.Select(m => m.From.BlobKey ?? "").ToArray()), Of("from_ats", moved.Select(m => m.From.Offset).ToArray()),
        ]);
        await move.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        using var count = new NpgsqlCommand($"SELECT {_schema}.count_held(@id)", connection) { Parameters = { Of("id", id) } };
        await count.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <returns>All objects of the session that are replaced and not deleted yet.</returns>
    private async Task<IReadOnlyList<string>> NoteReplacedAsync(
        NpgsqlConnection connection, long id, IReadOnlyCollection<string> replaced, CancellationToken cancellationToken)
    {
        using var remember = new NpgsqlCommand(
            $"""
            INSERT INTO {_schema}.replaced_objects (session_id, blob_key) SELECT @id, r.key FROM unnest(@replaced) AS r (key)
            WHERE r.key NOT IN (SELECT c.blob_key FROM {_schema}.chunks c WHERE c.session_id = @id AND c.blob_key IS NOT NULL) ON CONFLICT DO NOTHING
            """,
            connection);
        remember.Parameters.AddRange((NpgsqlParameter[])[Of("id", id), Of("replaced", [.. replaced])]);
        await remember.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        using var list = new NpgsqlCommand(
            $"SELECT blob_key FROM {_schema}.replaced_objects WHERE session_id = @id", connection) { Parameters = { Of("id", id) } };
        return await list.ReadAllAsync(static row => row.GetString(0), cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<ReplacedObject>> ListReplacedAsync(
        ReplacedObject? after, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            $"""
            SELECT s.tenant, s.session, r.blob_key FROM {_schema}.replaced_objects r JOIN {_schema}.sessions s ON s.id = r.session_id
            {(after is null ? "" : "WHERE (s.tenant, s.session, r.blob_key) > (@tenant, @session, @key)")}
            ORDER BY s.tenant, s.session, r.blob_key LIMIT @limit
            """,
            static row => new ReplacedObject(new(new(row.GetString(0)), new(row.GetGuid(1))), row.GetString(2)),
            [Of("limit", limit), .. after is null ? [] : Name(after.Session), Of("key", after?.BlobKey)],
            cancellationToken).ConfigureAwait(false);

    public async ValueTask ForgetReplacedAsync(SessionRef session, IReadOnlyCollection<string> keys, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(
            $"""
            DELETE FROM {_schema}.replaced_objects r USING {_schema}.sessions s
            {ByName} AND r.session_id = s.id AND r.blob_key = ANY(@keys)
            """,
            [.. Name(session), Of("keys", [.. keys])],
            cancellationToken).ConfigureAwait(false);
}
