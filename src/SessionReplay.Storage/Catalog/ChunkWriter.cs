using SessionReplay.Catalog;
using SessionReplay.Sqlite;
using SessionReplay.Storage.Sqlite;

namespace SessionReplay.Storage.Catalog;

/// <summary>Writes one chunk and what it adds to its session, within a transaction.</summary>
internal static class ChunkWriter
{
    /// <param name="sql">The transaction.</param>
    /// <param name="chunk">The chunk.</param>
    /// <param name="now">The time at which the catalog begins to hold its bytes, ms since the Unix epoch.</param>
    public static RecordOutcome Record(SqliteStatements sql, ChunkRecord chunk, long now)
    {
        var header = chunk.Header;
        (string, object?)[] session = [("$tenant", header.Id.Tenant.Value), ("$session", header.Id.Session.Value.ToBytes())];
        if (sql.Scalar<long>("SELECT COUNT(*) FROM deleted_sessions WHERE tenant = $tenant AND session = $session", session) > 0)
        {
            return RecordOutcome.SessionDeleted;
        }

        sql.Execute(
            """
            INSERT INTO sessions (tenant, session, session_started, started_at, last_activity_at, last_received_at)
            VALUES ($tenant, $session, $session_started, $first, $last, $received) ON CONFLICT DO NOTHING
            """,
            [.. session, ("$session_started", header.SessionStarted), ("$first", Clamp(chunk, header.FirstTime, chunk.ClockOffset)),
             ("$last", Clamp(chunk, header.LastTime, chunk.ClockOffset)), ("$received", chunk.ReceivedAt)]);
        var id = sql.Scalar<long>("SELECT id FROM sessions WHERE tenant = $tenant AND session = $session", session);
        if (!TryInsertChunk(sql, id, chunk, now))
        {
            return IsKnown(sql, id, header) ? RecordOutcome.Duplicate : RecordOutcome.Conflict;
        }

        (string, object?)[] window = [("$id", id), ("$window", header.Id.Window.Value.ToBytes())];
        var isNewWindow = sql.Execute(
            """
            INSERT INTO windows (session_id, window, clock_offset, end_seq, end_sealed) VALUES ($id, $window, $offset, $seq, $end) ON CONFLICT DO NOTHING
            """,
            [.. window, ("$offset", chunk.ClockOffset), ("$seq", (long)header.Id.Seq), ("$end", chunk.SealedWindowEnd.ToArray())]) == 1;
        sql.Execute(
            "UPDATE windows SET end_seq = $seq, end_sealed = $end WHERE session_id = $id AND window = $window AND end_seq < $seq",
            [.. window, ("$seq", (long)header.Id.Seq), ("$end", chunk.SealedWindowEnd.ToArray())]);
        var offset = sql.Scalar<long>("SELECT clock_offset FROM windows WHERE session_id = $id AND window = $window", window);
        UpdateSession(sql, id, chunk, offset, isNewWindow);
        ChunkBodies.Insert(sql, id, chunk, now);
        AddSearchTerms(sql, id, header.Id.Tenant, chunk.Delta);
        AssetRows.AddNamed(sql, id, header.Id.Tenant, chunk.Delta.Assets, chunk.ReceivedAt);
        return RecordOutcome.Recorded;
    }

    /// <summary>Two batches of one number are never taken for one.</summary>
    private static bool IsKnown(SqliteStatements sql, long id, ChunkHeader header) => sql.Scalar<long>(
        "SELECT COUNT(*) FROM chunks WHERE session_id = $id AND window = $window AND seq = $seq AND digest = $digest",
        ("$id", id), ("$window", header.Id.Window.Value.ToBytes()), ("$seq", (long)header.Id.Seq),
        ("$digest", header.Digest.ToBytes())) > 0;

    private static bool TryInsertChunk(SqliteStatements sql, long id, ChunkRecord chunk, long now)
    {
        var header = chunk.Header;
        return sql.Execute(
            """
            INSERT INTO chunks (session_id, window, seq, blob_key, offset, length, held_at, flags, compression, events, first_time, last_time, digest, facts)
            VALUES ($id, $window, $seq, $key, $offset, $length, $held_at, $flags, $compression, $events, $first, $last, $digest, $facts) ON CONFLICT DO NOTHING
            """,
            ("$id", id), ("$window", header.Id.Window.Value.ToBytes()), ("$seq", (long)header.Id.Seq), ("$key", chunk.Location.BlobKey),
            ("$offset", chunk.Location.Offset), ("$length", chunk.Location.Length),
            ("$held_at", chunk.Location.IsInCatalog ? now : null), ("$flags", (long)header.Flags),
            ("$compression", (long)header.Compression), ("$events", (long)header.EventCount), ("$first", header.FirstTime),
            ("$last", header.LastTime), ("$digest", header.Digest.ToBytes()), ("$facts", chunk.SealedFacts.ToArray())) == 1;
    }

    private static void UpdateSession(SqliteStatements sql, long id, ChunkRecord chunk, long offset, bool isNewWindow)
    {
        var delta = chunk.Delta;
        sql.Execute(
            """
            UPDATE sessions SET
                started_at = MIN(started_at, $first), last_activity_at = MAX(last_activity_at, $last), last_received_at = MAX(last_received_at, $received),
                windows = MIN(windows + $windows, $most), chunks = MIN(chunks + 1, $most), events = events + $events, bytes = bytes + $bytes,
                pages = MIN(pages + $pages, $most), errors = MIN(errors + $errors, $most), clicks = MIN(clicks + $clicks, $most),
                rage_clicks = MIN(rage_clicks + $rage_clicks, $most), requests = MIN(requests + $requests, $most),
                failed_requests = MIN(failed_requests + $failed_requests, $most), lost_events = MIN(lost_events + $lost_events, $most),
                user_sealed = CASE WHEN $user_time >= COALESCE(user_time, 0) THEN $user_sealed ELSE user_sealed END,
                user_time = CASE WHEN $user_time >= COALESCE(user_time, 0) THEN $user_time ELSE user_time END,
                ip_sealed = COALESCE(ip_sealed, $ip_sealed), browser = COALESCE(browser, $browser), os = COALESCE(os, $os),
                device = COALESCE(device, $device), entry_url_sealed = COALESCE(entry_url_sealed, $entry_url),
                viewport_width = CASE viewport_width WHEN 0 THEN $viewport_width ELSE viewport_width END,
                viewport_height = CASE viewport_height WHEN 0 THEN $viewport_height ELSE viewport_height END
            WHERE id = $id
            """,
            ("$id", id), ("$most", (long)int.MaxValue), ("$first", Clamp(chunk, chunk.Header.FirstTime, offset)),
            ("$last", Clamp(chunk, chunk.Header.LastTime, offset)), ("$received", chunk.ReceivedAt),
            ("$windows", isNewWindow ? 1L : 0L), ("$events", (long)chunk.Header.EventCount), ("$bytes", chunk.Location.Length),
            ("$pages", delta.Pages), ("$errors", delta.Errors), ("$clicks", delta.Clicks), ("$rage_clicks", delta.RageClicks),
            ("$requests", delta.Requests), ("$failed_requests", delta.FailedRequests), ("$lost_events", delta.LostEvents),
            ("$user_time", delta.User is { } user ? Clamp(chunk, user.Time, offset) : null), ("$user_sealed", delta.User?.Sealed.ToArray()),
            ("$ip_sealed", delta.SealedIp.ToArrayOrNull()), ("$browser", delta.Browser), ("$os", delta.Os), ("$device", delta.Device),
            ("$entry_url", delta.SealedEntryUrl.ToArrayOrNull()), ("$viewport_width", delta.ViewportWidth),
            ("$viewport_height", delta.ViewportHeight));
    }

    /// <summary>The offset of the window is that of its first chunk: with it, the time of another can come to lie anywhere.</summary>
    private static long Clamp(ChunkRecord chunk, long time, long offset) => EventClock.Clamp(time + offset, chunk.ReceivedAt);

    private static void AddSearchTerms(SqliteStatements sql, long id, TenantId tenant, SessionDelta delta)
    {
        if (delta.Terms.Count + delta.CustomEvents.Count == 0)
        {
            return;
        }

        var room = SessionDelta.MaxTerms - sql.Scalar<long>("SELECT COUNT(*) FROM session_terms WHERE session_id = $id", ("$id", id));
        foreach (var (term, name) in delta.Terms.Select(term => (term, (byte[]?)null))
            .Concat(delta.CustomEvents.Select(e => (e.Index, (byte[]?)e.Sealed.ToArray()))))
        {
            if (room <= 0)
            {
                return;
            }

            room -= sql.Execute(
                "INSERT INTO session_terms (session_id, tenant, term, name_sealed) VALUES ($id, $tenant, $term, $name) ON CONFLICT DO NOTHING",
                ("$id", id), ("$tenant", tenant.Value), ("$term", term.ToArray()), ("$name", name));
        }
    }
}
