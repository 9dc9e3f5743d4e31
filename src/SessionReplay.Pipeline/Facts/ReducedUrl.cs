using System.Text;

namespace SessionReplay.Pipeline.Facts;

/// <summary>
/// A URL without what may name a person or open a door (docs/format/v1.md, section 6.2): of query and fragment only the names stay, and
/// segments of the path that look like ids, tokens or e-mail addresses are replaced. Reducing a reduced URL changes nothing.
/// </summary>
internal sealed class ReducedUrl
{
    private const int MaxLength = 2_048;
    private const int MaxSegments = 16;

    private readonly List<string> _segments;
    private readonly string _tail;

    private ReducedUrl(string origin, List<string> segments, string tail) => (Origin, _segments, _tail) = (origin, segments, tail);

    /// <summary>Scheme, host and port; empty for a path alone.</summary>
    public string Origin { get; }

    /// <summary>Each beginning of the URL that ends with a whole segment, the shortest first.</summary>
    public IReadOnlyList<string> Prefixes => Origin.Length == 0 ? [] : [Origin, .. Beginnings().Select(path => Origin + path)];

    /// <summary>The same of the path alone: <c>/</c>, <c>/cart</c>, <c>/cart/{id}</c>.</summary>
    public IReadOnlyList<string> Paths => ["/", .. Beginnings()];

    /// <summary>Reduces a URL.</summary>
    /// <param name="text">A URL as pages have it, a path with its slash, or any other text; what is behind 2,048 characters is left
    /// out.</param>
    public static ReducedUrl Of(string text)
    {
        var url = text.AsSpan(0, Math.Min(text.Length, MaxLength));
        ReadOnlySpan<char> query = default;
        ReadOnlySpan<char> fragment = default;
        if (url.IndexOf('#') is >= 0 and var hash)
        {
            fragment = url[(hash + 1)..];
            url = url[..hash];
        }

        if (url.IndexOf('?') is >= 0 and var mark)
        {
            query = url[(mark + 1)..];
            url = url[..mark];
        }

        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0 && !url.StartsWith('/') && url.IndexOf(':') is >= 0 and var colon)
        {
            // data:, blob:, javascript: and so on: all behind the scheme is content.
            return new(url[..(colon + 1)].ToString(), [], string.Empty);
        }

        var authority = scheme < 0 ? default : url[(scheme + 3)..];
        var slash = authority.IndexOf('/');
        var path = scheme < 0 ? url : slash < 0 ? default : authority[slash..];
        authority = scheme < 0 || slash < 0 ? authority : authority[..slash];
        var origin = scheme < 0
            ? string.Empty
            : string.Concat(url[..(scheme + 3)], authority[(authority.LastIndexOf('@') + 1)..]).ToLowerInvariant();
        return new(origin, Segments(path), Names(query, '?') + Fragment(fragment));
    }

    /// <summary>The reduced URL with the names of its query.</summary>
    public override string ToString() =>
        Origin + (_segments.Count == 0 && Origin.EndsWith(':') ? string.Empty : "/" + string.Join('/', _segments)) + _tail;

    /// <summary>The reduced URL without query and fragment.</summary>
    public string WithoutQuery() => _tail.Length == 0 ? ToString() : ToString()[..^_tail.Length];

    private IEnumerable<string> Beginnings()
    {
        var path = new StringBuilder();
        foreach (var segment in _segments.Where(segment => segment.Length > 0).Take(MaxSegments))
        {
            yield return path.Append('/').Append(segment).ToString();
        }
    }

    private static List<string> Segments(ReadOnlySpan<char> path)
    {
        var segments = new List<string>();
        if (path.Length <= 1)
        {
            return segments;
        }

        path = path[0] == '/' ? path[1..] : path;
        foreach (var range in path.Split('/'))
        {
            // Parameters of a segment hold ids of sessions.
            var segment = path[range];
            segment = segment.IndexOf(';') is >= 0 and var end ? segment[..end] : segment;
            segments.Add(SegmentRule.Replacement(segment) ?? segment.ToString());
        }

        return segments;
    }

    private static string Fragment(ReadOnlySpan<char> fragment)
    {
        var path = fragment.StartsWith('!') ? fragment[1..] : fragment;
        if (!path.StartsWith('/'))
        {
            return Names(fragment, '#');
        }

        // The route of a page that routes by fragment.
        var mark = path.IndexOf('?');
        var query = mark < 0 ? default : path[(mark + 1)..];
        return "#/" + string.Join('/', Segments(mark < 0 ? path : path[..mark])) + Names(query, '?');
    }

    /// <summary>Keeps the names of <c>name=value</c> pairs; what has no name is a value.</summary>
    private static string Names(ReadOnlySpan<char> pairs, char mark)
    {
        var names = new StringBuilder();
        foreach (var range in pairs.Split('&'))
        {
            var pair = pairs[range];
            var end = pair.IndexOf('=');
            if (end > 0 && SegmentRule.Replacement(pair[..end]) is null)
            {
                names.Append(names.Length == 0 ? mark : '&').Append(pair[..(end + 1)]);
            }
        }

        return names.ToString();
    }
}
