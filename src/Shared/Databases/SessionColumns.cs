using System.Data.Common;
using SessionReplay.Catalog;

namespace SessionReplay.Storage;

/// <summary>The columns of the table of sessions. All databases have the same; how an id is kept and what readers may see differ.</summary>
internal static class SessionColumns
{
    /// <summary>The most names of custom events that a row of a search holds.</summary>
    public const int MaxNames = 20;

    /// <summary>What <see cref="Read"/> reads, from a table called <c>s</c>; what a statement asks for beside it stands behind.</summary>
    public const string All =
        """
        s.tenant, s.session, s.session_started, s.started_at, s.last_activity_at, s.last_received_at, s.ended_at, s.recording_key,
        s.windows, s.chunks, s.events, s.bytes, s.pages, s.errors, s.clicks, s.rage_clicks, s.requests, s.failed_requests, s.lost_events,
        s.user_time, s.user_sealed, s.ip_sealed, s.browser, s.os, s.device, s.entry_url, s.viewport_width, s.viewport_height
        """;

    public static SessionRow Read(DbDataReader row, Guid session) => new()
    {
        Session = new(new(row.GetString(0)), new(session)),
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
