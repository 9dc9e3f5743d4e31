using Npgsql;
using SessionReplay.Catalog;
using SessionReplay.Storage.PostgreSql.Database;

namespace SessionReplay.Storage.PostgreSql.Catalog;

/// <summary>Reads rows of the table of sessions.</summary>
internal static class SessionRows
{
    /// <summary>The condition that keeps sessions whose deletion was begun from readers.</summary>
    public const string Shown = "s.last_received_at > 0";

    public const string Columns =
        """
        s.tenant, s.session, s.session_started, s.started_at, s.last_activity_at, s.last_received_at, s.ended_at, s.recording_key,
        s.windows, s.chunks, s.events, s.bytes, s.pages, s.errors, s.clicks, s.rage_clicks, s.requests, s.failed_requests, s.lost_events,
        s.user_time, s.user_sealed, s.ip_sealed, s.browser, s.os, s.device, s.entry_url, s.viewport_width, s.viewport_height
        """;

    public static SessionRow Read(NpgsqlDataReader row) => new()
    {
        Session = new(new(row.GetString(0)), new(row.GetGuid(1))),
        SessionStarted = row.GetInt64(2),
        StartedAt = row.GetInt64(3),
        LastActivityAt = row.GetInt64(4),
        LastReceivedAt = row.GetInt64(5),
        EndedAt = row.NumberOrNull(6),
        RecordingKey = row.TextOrNull(7),
        Windows = row.GetInt32(8),
        Chunks = row.GetInt32(9),
        Events = row.GetInt64(10),
        Bytes = row.GetInt64(11),
        Totals = new SessionDelta
        {
            Pages = row.GetInt32(12),
            Errors = row.GetInt32(13),
            Clicks = row.GetInt32(14),
            RageClicks = row.GetInt32(15),
            Requests = row.GetInt32(16),
            FailedRequests = row.GetInt32(17),
            LostEvents = row.GetInt32(18),
            User = row.BytesOrNull(20) is { } user ? new SealedUser(row.GetInt64(19), user, []) : null,
            SealedIp = row.BytesOrNull(21) is { } ip ? new ReadOnlyMemory<byte>(ip) : null,
            Browser = row.TextOrNull(22),
            Os = row.TextOrNull(23),
            Device = row.TextOrNull(24),
            EntryUrl = row.TextOrNull(25),
            ViewportWidth = row.GetInt32(26),
            ViewportHeight = row.GetInt32(27),
        },
    };
}
