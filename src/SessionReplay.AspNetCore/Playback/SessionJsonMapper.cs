using System.Text;
using Google.Protobuf;
using SessionReplay.AspNetCore.Worker;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Wire;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>Opens the sealed fields of a session's row for one who may see them.</summary>
internal static class SessionJsonMapper
{
    /// <summary>Maps a row of a list. One that cannot be opened says so, and does not stop the list.</summary>
    public static SessionJson MapListed(SessionRow row, IFieldProtector protector)
    {
        try
        {
            return Map(row, protector);
        }
        catch (Exception e) when (e is FormatRejectedException or InvalidProtocolBufferException)
        {
            return Basic(row) with { Problem = "What is known of the visitor cannot be opened: it is damaged or was changed." };
        }
    }

    public static SessionJson Map(SessionRow row, IFieldProtector protector)
    {
        Span<byte> owner = stackalloc byte[16];
        row.Session.Session.Write(owner);
        var totals = row.Totals;
        var user = totals.User is { } known ? UserFacts.Parser.ParseFrom(protector.Open(SessionDeltaMapper.UserField, owner, known.Sealed.Span)) : null;
        return Basic(row) with
        {
            User = user is null ? null : new UserJson(user.Id, user.Email, user.Name, user.TraitsJson),
            Ip = totals.SealedIp is { } ip ? Encoding.UTF8.GetString(protector.Open(SessionDeltaMapper.IpField, owner, ip.Span)) : null,
        };
    }

    /// <summary>All that is not sealed.</summary>
    private static SessionJson Basic(SessionRow row)
    {
        var totals = row.Totals;
        return new SessionJson
        {
            Tenant = row.Session.Tenant.Value,
            Id = row.Session.Session.ToString(),
            StartedAt = row.StartedAt,
            LastActivityAt = row.LastActivityAt,
            EndedAt = row.EndedAt,
            DurationMs = row.LastActivityAt - row.StartedAt,
            Live = row.EndedAt is null,
            Browser = totals.Browser,
            Os = totals.Os,
            Device = totals.Device,
            EntryUrl = totals.EntryUrl,
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
            CustomEvents = totals.CustomEvents,
        };
    }
}
