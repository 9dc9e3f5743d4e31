using Google.Protobuf;
using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Facts;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>Opens the sealed fields of a session's row for one who may see them.</summary>
internal static class SessionJsonMapper
{
    public const string RowDamaged = "row-damaged";
    public const string FactsDamaged = "facts-damaged";

    /// <summary>Maps a row of a list. A damaged one says so, and the others are shown.</summary>
    /// <returns><see langword="null"/> when the session was deleted in between.</returns>
    public static SessionJson? TryMap(SessionRow row, IFieldProtectors opened)
    {
        try
        {
            return row.IsDamaged ? Map(row, Sealed.None, RowDamaged) : Map(row, opened.Of(row.Session.Session));
        }
        catch (FormatRejectedException)
        {
            return Map(row, Sealed.None, FactsDamaged);
        }
        catch (KeyDeletedException)
        {
            return null;
        }
    }

    public static SessionJson Map(SessionRow row, IFieldProtector fields)
    {
        try
        {
            return Map(row, Open(row, fields), row.IsDamaged ? RowDamaged : null);
        }
        catch (Exception e) when (e is FormatRejectedException or InvalidProtocolBufferException)
        {
            return Map(row, Sealed.None, FactsDamaged);
        }
    }

    private static Sealed Open(SessionRow row, IFieldProtector fields)
    {
        var (session, totals) = (row.Session.Session, row.Totals);
        var user = totals.User is { } known ? fields.OpenUser(session, known) : null;
        return new(
            user is null ? null : new UserJson(user.Id, user.Email, user.Name, user.TraitsJson),
            totals.SealedIp.IsEmpty ? null : fields.OpenIp(session, totals.SealedIp.Span),
            totals.SealedEntryUrl.IsEmpty ? null : fields.OpenEntryUrl(session, totals.SealedEntryUrl.Span),
            [.. totals.CustomEvents.Select(name => fields.OpenEventName(session, name)).Order(StringComparer.Ordinal)]);
    }

    private static SessionJson Map(SessionRow row, Sealed opened, string? problem)
    {
        var totals = row.Totals;
        return new SessionJson
        {
            Tenant = row.Session.Tenant.Value,
            Id = row.Session.Session.ToString(),
            StartedAt = row.IsDamaged ? 0 : row.StartedAt,
            LastActivityAt = row.LastActivityAt,
            EndedAt = row.EndedAt,
            DurationMs = row.LastActivityAt - row.StartedAt,
            Live = row.EndedAt is null,
            User = opened.User,
            Ip = opened.Ip,
            Browser = totals.Browser,
            Os = totals.Os,
            Device = totals.Device,
            EntryUrl = opened.EntryUrl,
            Pages = totals.Pages,
            Errors = totals.Errors,
            Clicks = totals.Clicks,
            RageClicks = totals.RageClicks,
            Requests = totals.Requests,
            FailedRequests = totals.FailedRequests,
            Events = row.Events,
            Chunks = row.Chunks,
            Bytes = row.Bytes,
            Windows = row.Windows,
            LostEvents = totals.LostEvents,
            ViewportWidth = totals.ViewportWidth,
            ViewportHeight = totals.ViewportHeight,
            CustomEvents = opened.CustomEvents,
            Problem = problem,
        };
    }

    /// <summary>What the sealed fields hold.</summary>
    private sealed record Sealed(UserJson? User, string? Ip, string? EntryUrl, IReadOnlyList<string> CustomEvents)
    {
        public static Sealed None { get; } = new(null, null, null, []);
    }
}
