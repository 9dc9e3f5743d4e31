using Npgsql;
using SessionReplay.Catalog;
using static SessionReplay.Storage.PostgreSql.Database.Parameters;

namespace SessionReplay.Storage.PostgreSql.Catalog;

/// <summary>Writes some of a session that comes from another catalog, within a transaction.</summary>
internal sealed class SessionWriter(NpgsqlConnection connection, string schema, SessionRow row)
{
    private long _id;

    private NpgsqlParameter[] Name => [Of("tenant", row.Session.Tenant.Value), Of("session", row.Session.Session.Value)];

    /// <summary>Takes the session's lock, and makes its row if there is none.</summary>
    /// <returns>This; <see langword="null"/> when the session is deleted.</returns>
    public async ValueTask<SessionWriter?> BeginAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync($"SELECT {schema}.lock_session(@tenant, @session)", Name, cancellationToken).ConfigureAwait(false);
        await ExecuteAsync(
            $"""
            INSERT INTO {schema}.sessions (tenant, session, session_started, started_at, last_activity_at, last_received_at)
            SELECT @tenant, @session, @session_started, @started, @activity, @received
            WHERE NOT EXISTS (SELECT 1 FROM {schema}.deleted_sessions d WHERE d.tenant = @tenant AND d.session = @session) ON CONFLICT DO NOTHING
            """,
            [.. Name, Of("session_started", row.SessionStarted), Of("started", row.StartedAt), Of("activity", row.LastActivityAt),
            Of("received", row.LastReceivedAt)],
            cancellationToken).ConfigureAwait(false);
        using var find = new NpgsqlCommand(
            $"""
            SELECT s.id FROM {schema}.sessions s WHERE s.tenant = @tenant AND s.session = @session
            AND NOT EXISTS (SELECT 1 FROM {schema}.deleted_sessions d WHERE d.tenant = @tenant AND d.session = @session)
            """,
            connection);
        find.Parameters.AddRange(Name);
        if (await find.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not long id)
        {
            return null;
        }

        _id = id;
        return this;
    }

    public async ValueTask WriteChunksAsync(IReadOnlyList<ChunkRow> chunks, CancellationToken cancellationToken)
    {
        // The end of a window is that of its chunk with the greatest number.
        var windows = chunks.GroupBy(static chunk => chunk.Window).Select(static window => window.MaxBy(static chunk => chunk.Seq)!)
            .ToArray();
        await ExecuteAsync(
            $"""
            INSERT INTO {schema}.windows AS w (session_id, window_id, clock_offset, end_seq, end_sealed)
            SELECT @id, n.* FROM unnest(@windows, @offsets, @seqs, @ends) AS n
            ON CONFLICT (session_id, window_id) DO UPDATE SET clock_offset = EXCLUDED.clock_offset, end_seq = GREATEST(w.end_seq, EXCLUDED.end_seq),
                end_sealed = CASE WHEN EXCLUDED.end_seq >= w.end_seq THEN EXCLUDED.end_sealed ELSE w.end_sealed END
            """,
            [Of("id", _id), Of("windows", [.. windows.Select(c => c.Window.Value)]), Of("offsets", [.. windows.Select(c => c.ClockOffset)]),
             Of("seqs", [.. windows.Select(c => (long)c.Seq)]), Of("ends", [.. windows.Select(c => c.SealedWindowEnd)])],
            cancellationToken).ConfigureAwait(false);
        await ExecuteAsync(
            $"""
            INSERT INTO {schema}.chunks
                (session_id, window_id, seq, blob_key, held_at, byte_offset, length, flags, compression, events, first_time, last_time, digest, facts)
            SELECT @id, n.win, n.seq, NULLIF(n.key, ''), CASE n.key WHEN '' THEN {schema}.now_ms() END, n.at, n.length, n.flags, n.compression, n.events,
                n.first, n.last, n.digest, n.facts
            FROM unnest(@windows, @seqs, @keys, @offsets, @lengths, @flags, @compressions, @events, @firsts, @lasts, @digests, @facts)
                AS n (win, seq, key, at, length, flags, compression, events, first, last, digest, facts)
            ON CONFLICT (session_id, window_id, seq) DO UPDATE SET blob_key = EXCLUDED.blob_key, held_at = EXCLUDED.held_at, byte_offset = EXCLUDED.byte_offset, length = EXCLUDED.length,
                flags = EXCLUDED.flags, compression = EXCLUDED.compression, events = EXCLUDED.events, first_time = EXCLUDED.first_time,
                last_time = EXCLUDED.last_time, digest = EXCLUDED.digest, facts = EXCLUDED.facts
            """,
            [Of("id", _id), .. Columns(chunks)],
            cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask WriteBodiesAsync(IReadOnlyList<ChunkBody> bodies, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            $"""
            INSERT INTO {schema}.chunk_bodies (held_at, session_id, window_id, seq, body)
            SELECT c.held_at, c.session_id, c.window_id, c.seq, n.body FROM unnest(@windows, @seqs, @bodies) AS n (win, seq, body)
            JOIN {schema}.chunks c ON c.session_id = @id AND c.window_id = n.win AND c.seq = n.seq WHERE c.held_at IS NOT NULL ON CONFLICT DO NOTHING
            """,
            [Of("id", _id), Of("windows", [.. bodies.Select(b => b.Window.Value)]), Of("seqs", [.. bodies.Select(b => (long)b.Seq)]),
            Of("bodies", [.. bodies.Select(b => b.Bytes)])],
            cancellationToken).ConfigureAwait(false);
        await ExecuteAsync($"SELECT {schema}.count_held(@id)", [Of("id", _id)], cancellationToken).ConfigureAwait(false);
    }

    public ValueTask WriteTermsAsync(IReadOnlyList<SealedName> terms, CancellationToken cancellationToken) => ExecuteAsync(
        $"""
        INSERT INTO {schema}.session_terms (session_id, tenant, term, name_sealed)
        SELECT @id, @tenant, n.term, NULLIF(n.name, ''::bytea) FROM unnest(@terms, @names) AS n (term, name) ON CONFLICT DO NOTHING
        """,
        [Of("id", _id), Of("tenant", row.Session.Tenant.Value), Of("terms", [.. terms.Select(t => t.Index)]),
        Of("names", [.. terms.Select(t => t.Sealed)])],
        cancellationToken);

    public ValueTask WriteAssetsAsync(IReadOnlyList<ContentHash> assets, CancellationToken cancellationToken) => ExecuteAsync(
        $"""
        INSERT INTO {schema}.session_assets (session_id, tenant, hash)
        SELECT @id, a.tenant, a.hash FROM {schema}.assets a WHERE a.tenant = @tenant AND a.hash = ANY(@hashes) ON CONFLICT DO NOTHING
        """,
        [Of("id", _id), Of("tenant", row.Session.Tenant.Value),
        Of("hashes", [.. assets.Select(hash => (ReadOnlyMemory<byte>)hash.ToBytes())])],
        cancellationToken);

    public ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        var values = SessionColumns.Values(row);
        return ExecuteAsync(
            $"UPDATE {schema}.sessions SET {string.Join(", ", values.Select(static v => $"{v.Column} = @{v.Column}"))} WHERE id = @id",
            [Of("id", _id), .. values.Select(static v => new NpgsqlParameter(v.Column, v.Value ?? DBNull.Value))],
            cancellationToken);
    }

    private static NpgsqlParameter[] Columns(IReadOnlyList<ChunkRow> chunks) =>
    [
        Of("windows", [.. chunks.Select(c => c.Window.Value)]), Of("seqs", [.. chunks.Select(c => (long)c.Seq)]),
        Of("keys", [.. chunks.Select(c => c.Location.BlobKey ?? "")]), Of("offsets", [.. chunks.Select(c => c.Location.Offset)]),
        Of("lengths", [.. chunks.Select(c => c.Location.Length)]), Of("flags", [.. chunks.Select(c => (long)c.Flags)]),
        Of("compressions", [.. chunks.Select(c => (long)c.Compression)]), Of("events", [.. chunks.Select(c => (long)c.EventCount)]),
        Of("firsts", [.. chunks.Select(c => c.FirstTime)]), Of("lasts", [.. chunks.Select(c => c.LastTime)]),
        Of("digests", [.. chunks.Select(c => (ReadOnlyMemory<byte>)c.Digest.ToBytes())]),
        Of("facts", [.. chunks.Select(c => c.SealedFacts)]),
    ];

    private async ValueTask ExecuteAsync(string sql, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
