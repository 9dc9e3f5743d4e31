using System.Data.Common;
using SessionReplay.Catalog;

namespace SessionReplay.Storage;

/// <summary>The columns of the table of sessions. All databases have the same; how an id is kept and what readers may see differ.</summary>
internal static class SessionColumns
{
    /// <summary>The most names of custom events that a row of a search holds.</summary>
    public const int MaxNames = 20;

    /// <summary>The most names of custom events that the row of one session holds: it is read with each chunk that is played.</summary>
    public const int MaxNamesOfOne = 200;

    /// <summary>The end of the year 9999, ms since the Unix epoch.</summary>
    private const long MaxTime = 253_402_300_800_000;

    /// <summary>What <see cref="Read"/> reads, from a table called <c>s</c>; what a statement asks for beside it stands behind.</summary>
    public const string All =
        """
        s.tenant, s.session, s.session_started, s.started_at, s.last_activity_at, s.last_received_at, s.ended_at, s.recording_key,
        s.windows, s.chunks, s.events, s.bytes, s.pages, s.errors, s.clicks, s.rage_clicks, s.requests, s.failed_requests, s.lost_events,
        s.user_time, s.user_sealed, s.ip_sealed, s.browser, s.os, s.device, s.entry_url_sealed, s.viewport_width, s.viewport_height,
        s.held_bytes
        """;

    /// <summary>
    /// Reads a row. One that cannot be read, or has times that are no dates, is damaged: it must not keep others from being listed.
    /// </summary>
    public static SessionRow Read(DbDataReader row, Guid session)
    {
        try
        {
            var read = ReadAll(row, session);
            long[] times = [read.SessionStarted, read.StartedAt, read.LastActivityAt, read.LastReceivedAt, read.EndedAt ?? 0];
            return Array.TrueForAll(times, IsDate)
                && Math.Min(Math.Min(read.Events, read.Bytes), Math.Min(read.Chunks, read.Windows)) >= 0
                ? read
                : Damaged(row, session);
        }
        catch (Exception e) when (e is InvalidCastException or OverflowException or FormatException
            or ArgumentException or InvalidOperationException)
        {
            return Damaged(row, session);
        }
    }

    /// <summary>The values of a row that are the same in each catalog, by column, without its name.</summary>
    public static (string Column, object? Value)[] Values(SessionRow row)
    {
        var totals = row.Totals;
        return
        [
            ("session_started", row.SessionStarted), ("started_at", row.StartedAt), ("last_activity_at", row.LastActivityAt),
            ("last_received_at", row.LastReceivedAt), ("ended_at", row.EndedAt), ("recording_key", row.RecordingKey),
            ("windows", (long)row.Windows), ("chunks", (long)row.Chunks), ("events", row.Events), ("bytes", row.Bytes),
            ("pages", (long)totals.Pages), ("errors", (long)totals.Errors),
            ("clicks", (long)totals.Clicks), ("rage_clicks", (long)totals.RageClicks),
            ("requests", (long)totals.Requests), ("failed_requests", (long)totals.FailedRequests), ("lost_events", (long)totals.LostEvents),
            ("user_time", totals.User?.Time), ("user_sealed", totals.User?.Sealed.ToArray()),
            ("ip_sealed", totals.SealedIp.ToArrayOrNull()), ("browser", totals.Browser), ("os", totals.Os), ("device", totals.Device),
            ("entry_url_sealed", totals.SealedEntryUrl.ToArrayOrNull()),
            ("viewport_width", (long)totals.ViewportWidth), ("viewport_height", (long)totals.ViewportHeight),
        ];
    }

    private static bool IsDate(long time) => time is >= 0 and < MaxTime;

    private static SessionRow Damaged(DbDataReader row, Guid session) => new()
    {
        Session = new(new(row.GetString(0)), new(session)),
        SessionStarted = row.GetValue(2) is long started && IsDate(started) ? started : 0,
        StartedAt = row.GetValue(3) is long time ? time : 0,
        LastActivityAt = 0,
        LastReceivedAt = 0,
        Totals = new(),
        IsDamaged = true,
    };

    private static SessionRow ReadAll(DbDataReader row, Guid session) => new()
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
        HeldBytes = row.GetInt64(28),
        Totals = new SessionDelta
        {
            Pages = row.GetInt32(12),
            Errors = row.GetInt32(13),
            Clicks = row.GetInt32(14),
            RageClicks = row.GetInt32(15),
            Requests = row.GetInt32(16),
            FailedRequests = row.GetInt32(17),
            LostEvents = row.GetInt32(18),
            User = row.BytesOrNull(20) is { } user ? new SealedUser(row.GetInt64(19), user) : null,
            SealedIp = row.BytesOrNull(21),
            Browser = row.TextOrNull(22),
            Os = row.TextOrNull(23),
            Device = row.TextOrNull(24),
            SealedEntryUrl = row.BytesOrNull(25),
            ViewportWidth = row.GetInt32(26),
            ViewportHeight = row.GetInt32(27),
        },
    };
}
