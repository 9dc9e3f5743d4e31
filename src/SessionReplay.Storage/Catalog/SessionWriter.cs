using SessionReplay.Catalog;
using SessionReplay.Sqlite;
using SessionReplay.Storage.Sqlite;

namespace SessionReplay.Storage.Catalog;

/// <summary>Writes some of a session that comes from another catalog, within a transaction.</summary>
internal static class SessionWriter
{
    public static bool Write(SqliteStatements sql, SessionRow row, SessionTransfer transfer, long now)
    {
        (string, object?)[] name = [("$tenant", row.Session.Tenant.Value), ("$session", row.Session.Session.Value.ToBytes())];
        if (sql.Scalar<long>("SELECT COUNT(*) FROM deleted_sessions WHERE tenant = $tenant AND session = $session", name) > 0)
        {
            return false;
        }

        sql.Execute(
            """
            INSERT INTO sessions (tenant, session, session_started, started_at, last_activity_at, last_received_at)
            VALUES ($tenant, $session, $session_started, $started, $activity, $received) ON CONFLICT DO NOTHING
            """,
            [.. name, ("$session_started", row.SessionStarted), ("$started", row.StartedAt), ("$activity", row.LastActivityAt),
            ("$received", row.LastReceivedAt)]);
        var id = sql.Scalar<long>("SELECT id FROM sessions WHERE tenant = $tenant AND session = $session", name);
        WriteChunks(sql, id, transfer, now);

        foreach (var term in transfer.Terms)
        {
            sql.Execute(
                "INSERT INTO session_terms (session_id, tenant, term, name_sealed) VALUES ($id, $tenant, $term, $name) ON CONFLICT DO NOTHING",
                ("$id", id), ("$tenant", row.Session.Tenant.Value), ("$term", term.Index.ToArray()),
                ("$name", term.Sealed.ToArrayOrNull()));
        }

        AssetRows.AddNamed(sql, id, row.Session.Tenant, transfer.Assets, row.LastReceivedAt);
        if (transfer.IsLast)
        {
            var values = SessionColumns.Values(row);
            sql.Execute(
                $"UPDATE sessions SET {string.Join(", ", values.Select(static v => $"{v.Column} = ${v.Column}"))} WHERE id = $id",
                [("$id", id), .. values.Select(static v => ($"${v.Column}", v.Value))]);
        }

        return true;
    }

    private static void WriteChunks(SqliteStatements sql, long id, SessionTransfer transfer, long now)
    {
        foreach (var chunk in transfer.Chunks)
        {
            WriteChunk(sql, id, chunk, now);
        }

        foreach (var body in transfer.Bodies)
        {
            ChunkBodies.Write(sql, id, body.Window, body.Seq, body.Bytes);
        }

        ChunkBodies.CountHeld(sql, id);
    }

    private static void WriteChunk(SqliteStatements sql, long id, ChunkRow chunk, long now)
    {
        (string, object?)[] window = [("$id", id), ("$window", chunk.Window.Value.ToBytes()), ("$seq", (long)chunk.Seq)];

        // The end of a window is that of its chunk with the greatest number: chunks come in order.
        sql.Execute(
            """
            INSERT INTO windows (session_id, window, clock_offset, end_seq, end_sealed) VALUES ($id, $window, $offset, $seq, $end)
            ON CONFLICT DO UPDATE SET clock_offset = $offset, end_seq = MAX(end_seq, $seq), end_sealed = CASE WHEN $seq >= end_seq THEN $end ELSE end_sealed END
            """,
            [.. window, ("$offset", chunk.ClockOffset), ("$end", chunk.SealedWindowEnd.ToArray())]);
        if (!chunk.Location.IsInCatalog)
        {
            ChunkBodies.Remove(sql, id, chunk.Window, chunk.Seq);
        }

        sql.Execute(
            """
            INSERT INTO chunks (session_id, window, seq, blob_key, offset, length, held_at, flags, compression, events, first_time, last_time, digest, facts)
            VALUES ($id, $window, $seq, $key, $offset, $length, $held_at, $flags, $compression, $events, $first, $last, $digest, $facts)
            ON CONFLICT DO UPDATE SET blob_key = $key, offset = $offset, length = $length, held_at = $held_at, flags = $flags, compression = $compression, events = $events,
                first_time = $first, last_time = $last, digest = $digest, facts = $facts
            """,
            [.. window, ("$key", chunk.Location.BlobKey), ("$offset", chunk.Location.Offset), ("$length", chunk.Location.Length),
            ("$held_at", chunk.Location.IsInCatalog ? now : null), ("$flags", (long)chunk.Flags),
             ("$compression", (long)chunk.Compression), ("$events", (long)chunk.EventCount), ("$first", chunk.FirstTime),
             ("$last", chunk.LastTime),
             ("$digest", chunk.Digest.ToBytes()), ("$facts", chunk.SealedFacts.ToArray())]);
    }
}
