using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using SessionReplay.Catalog;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>The query of a search. Its values may be read once no mistake was found in it.</summary>
internal sealed class SearchParameters(IQueryCollection query)
{
    private const int MaxText = 2048;
    private const int MaxLimit = 200;

    /// <summary>The last millisecond of the year 9999.</summary>
    private const long MaxTime = 253_402_300_799_999;

    private static readonly string[] Times = ["from", "to", "minDuration"];

    public SessionCursor? Cursor => TryCursor(Text("cursor"), out var cursor) ? cursor : null;

    public static string? TextOf(SessionCursor? next) => next is { } cursor
        ? Base64Url.EncodeToString(
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{cursor.StartedAt}.{cursor.Session}")))
        : null;

    /// <summary>Returns the first parameter that cannot be used, and what it should be.</summary>
    public (string Name, string Expected)? FindMistake()
    {
        if (query.FirstOrDefault(p => p.Value.Count > 1 || p.Value.ToString().Length > MaxText) is { Key: { } bad })
        {
            return (bad, $"given once, with at most {MaxText} characters");
        }

        if (!TryNumber("limit", 1, MaxLimit, out _))
        {
            return ("limit", $"a number from 1 to {MaxLimit}");
        }

        if (Array.Find(Times, name => !TryNumber(name, 0, MaxTime, out _)) is { } time)
        {
            return (time, "a number of milliseconds, 0 or more");
        }

        if (!TryCursor(Text("cursor"), out _))
        {
            return ("cursor", "the nextCursor of the page before");
        }

        return Text("hasError") is null or "true" or "false" ? null : ("hasError", "'true' or 'false'");
    }

    public string? Text(string name) => query[name].FirstOrDefault() is { Length: > 0 } value ? value : null;

    public long? Number(string name) => TryNumber(name, 0, long.MaxValue, out var number) ? number : null;

    public DateTimeOffset? Time(string name) => Number(name) is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;

    private bool TryNumber(string name, long min, long max, out long? number)
    {
        number = null;
        if (Text(name) is not { } text)
        {
            return true;
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value < min || value > max)
        {
            return false;
        }

        number = value;
        return true;
    }

    private static bool TryCursor(string? text, out SessionCursor? cursor)
    {
        cursor = null;
        if (text is null)
        {
            return true;
        }

        if (!Base64Url.IsValid(text) || Encoding.ASCII.GetString(Base64Url.DecodeFromChars(text)).Split('.') is not [var time, var id]
            || !long.TryParse(time, CultureInfo.InvariantCulture, out var startedAt) || !SessionId.TryParse(id, out var session))
        {
            return false;
        }

        cursor = new(startedAt, session);
        return true;
    }
}
