using System.Buffers.Binary;

namespace SessionReplay.Format;

/// <summary>
/// Bounds how long the id of a session can be used: it holds the time at which a browser made it. What is outside is refused, so a
/// tombstone need not stay for ever. A browser whose clock is wrong by more could not open the page: certificates would not be valid.
/// </summary>
public static class SessionIdTime
{
    /// <summary>By how much the time of an id may differ from the server's.</summary>
    public static readonly TimeSpan MaxDifference = TimeSpan.FromDays(60);

    /// <summary>
    /// How long tombstones are kept: an id that was accepted when it was deleted is too old by then, with ten days for the clocks of
    /// servers.
    /// </summary>
    public static readonly TimeSpan TombstoneTime = (2 * MaxDifference) + TimeSpan.FromDays(10);

    /// <summary>Whether batches of a session are accepted.</summary>
    public static bool IsNear(SessionId session, DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[16];
        session.Write(bytes);
        var time = (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);
        return Math.Abs(now.ToUnixTimeMilliseconds() - time) <= (long)MaxDifference.TotalMilliseconds;
    }
}
