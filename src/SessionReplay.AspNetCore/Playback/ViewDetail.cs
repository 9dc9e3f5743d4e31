using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using SessionReplay.Catalog;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>Says in an audit row which stretches of a session were given to a viewer.</summary>
internal static class ViewDetail
{
    private const int MaxLength = 1024;

    /// <summary>The row of a manifest covers what is requested with its ticket: all of the session, also what comes later.</summary>
    public static string Of(SessionRow session, ManifestJson page)
    {
        var live = session.EndedAt is null ? " and what arrives while it is watched" : string.Empty;
        var counts = string.Create(CultureInfo.InvariantCulture, $"windows={session.Windows} batches={session.Chunks}");
        // The last window of a page may go on in the next.
        var open = page.NextCursor?.Split('.')[0];
        return Join(
            counts,
            page.Windows.Select(window => string.Create(
                CultureInfo.InvariantCulture,
                $"{window.Id}:{window.Chunks[0].Seq}-{(window.Id == open ? null : window.Chunks[^1].Seq)}")),
            session.Windows, "window", live);
    }

    /// <returns>The stretches that a request asks for; <see langword="null"/> when it has none, or has them in another form.</returns>
    public static string? Of(IQueryCollection query) => StretchQuery.TryRead(query) is { } stretches
        ? Join(
            string.Create(CultureInfo.InvariantCulture, $"stretches={stretches.Count}"),
            stretches.Select(static s => string.Create(CultureInfo.InvariantCulture, $"{s.Window}:{s.First}-{s.Last}")),
            stretches.Count, "stretch", string.Empty)
        : null;

    private static string Join(string begin, IEnumerable<string> parts, int count, string unit, string end)
    {
        var text = new StringBuilder(begin);
        foreach (var part in parts)
        {
            if (text.Length + 1 + part.Length + RestOf(count - 1, unit).Length + end.Length > MaxLength)
            {
                break;
            }

            text.Append(' ').Append(part);
            count--;
        }

        return text.Append(RestOf(count, unit)).Append(end).ToString();
    }

    private static string RestOf(int count, string unit) => count switch
    {
        <= 0 => string.Empty,
        1 => $" and 1 {unit} more",
        _ => string.Create(CultureInfo.InvariantCulture, $" and {count} {unit}{(unit[^1] == 'h' ? "es" : "s")} more"),
    };
}
