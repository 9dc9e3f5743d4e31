using System.Text;
using Google.Protobuf;
using SessionReplay.AspNetCore.Ingest;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Wire;

namespace SessionReplay.AspNetCore.Worker;

/// <summary>Turns what ingest found in a batch into what the catalog keeps: names of persons and query strings are sealed here, field by field.</summary>
internal static class SessionDeltaMapper
{
    public const string UserField = "session.user";
    public const string IpField = "session.ip";

    /// <summary>User ids and e-mail addresses share one index, so that one text to search for finds either.</summary>
    public const string UserIndex = "user";

    private const int MaxUrlBytes = 2_048;
    private const int MaxNameBytes = 256;

    public static SessionDelta Map(ChunkFacts facts, ChunkHeader chunk, IFieldProtector protector)
    {
        Span<byte> owner = stackalloc byte[16];
        chunk.Id.Session.Write(owner);
        var agent = facts.UserAgent.Length > 0 ? UserAgent.Parse(facts.UserAgent) : null;
        return new SessionDelta
        {
            Pages = facts.Pages.Count,
            Errors = (int)facts.Errors,
            Clicks = (int)facts.Clicks,
            RageClicks = (int)facts.RageClicks,
            Requests = (int)facts.Requests,
            FailedRequests = (int)facts.FailedRequests,
            LostEvents = (int)Math.Min(facts.LostEvents, int.MaxValue),
            Urls = [.. facts.Pages.Select(p => p.Url).Append(facts.EntryUrl).Select(WithoutQuery).Where(u => u.Length > 0).Distinct()],
            CustomEvents = [.. facts.CustomEvents.Select(n => StoredText.Cut(n, MaxNameBytes)).Distinct()],
            User = facts.User is { } user ? Seal(user, chunk.LastTime, owner, protector) : null,
            SealedIp = facts.Ip.Length > 0 ? protector.Seal(IpField, owner, Encoding.UTF8.GetBytes(facts.Ip)) : null,
            Browser = agent?.Browser,
            Os = agent?.Os,
            Device = agent?.Device,
            EntryUrl = facts.EntryUrl.Length > 0 ? WithoutQuery(facts.EntryUrl) : null,
            ViewportWidth = (int)Math.Min(facts.ViewportWidth, int.MaxValue),
            ViewportHeight = (int)Math.Min(facts.ViewportHeight, int.MaxValue),
        };
    }

    /// <summary>Makes the blind index of a text that is searched for, or of a user's id or address.</summary>
    public static ReadOnlyMemory<byte> Index(string user, IFieldProtector protector) =>
        protector.BlindIndex(UserIndex, Encoding.UTF8.GetBytes(user.Trim().ToLowerInvariant()));

    public static string WithoutQuery(string url)
    {
        var end = url.AsSpan().IndexOfAny('?', '#');
        return StoredText.Cut(end < 0 ? url : url[..end], MaxUrlBytes);
    }

    private static SealedUser Seal(UserFacts user, long time, ReadOnlySpan<byte> owner, IFieldProtector protector)
    {
        var names = new[] { user.Id, user.Email }.Where(n => n.Length > 0).Select(n => Index(n, protector)).ToList();
        return new(time, protector.Seal(UserField, owner, user.ToByteArray()), names);
    }
}
