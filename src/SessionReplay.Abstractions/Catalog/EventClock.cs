namespace SessionReplay.Catalog;

/// <summary>
/// The bounds of an event's time (docs/format/v1.md, section 2.3): a page can claim any, and none may put a session where it does not
/// belong.
/// </summary>
public static class EventClock
{
    /// <summary>
    /// How long before it was received an event may have happened, in ms: 30 days. A batch may have waited in a browser that was offline.
    /// </summary>
    public const long MaxAge = 30L * 24 * 60 * 60 * 1000;

    /// <summary>How long after its batch was received an event may lie, in ms: a minute, for clocks that are not quite even.</summary>
    public const long MaxAhead = 60 * 1000;

    /// <summary>Clamps a time on the server's clock.</summary>
    /// <param name="time">The time of an event, ms since the Unix epoch.</param>
    /// <param name="receivedAt">When its batch was received, ms since the Unix epoch.</param>
    /// <returns>A time from <see cref="MaxAge"/> before <paramref name="receivedAt"/> to <see cref="MaxAhead"/> after it, never
    /// negative.</returns>
    public static long Clamp(long time, long receivedAt) => Math.Max(0, Math.Clamp(time, receivedAt - MaxAge, receivedAt + MaxAhead));
}
