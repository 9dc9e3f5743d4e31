using System.Text;
using SessionReplay.Keys;

namespace SessionReplay.AspNetCore.Facts;

/// <summary>The blind indexes that sessions are found by (docs/format/v1.md, section 6.3): the same for what is stored and what is searched for.</summary>
internal static class SearchTerms
{
    /// <summary>User ids and e-mail addresses share one index, so that one text to search for finds either.</summary>
    public static byte[] User(this IBlindIndexer indexer, string user) => indexer.Of("user", user.Trim().ToLowerInvariant());

    public static byte[] Event(this IBlindIndexer indexer, string name) => indexer.Of("event", name);

    public static byte[] Error(this IBlindIndexer indexer, string type) => indexer.Of("error", type);

    /// <summary>The index of the beginning of a URL, or of a path when it begins with a slash; it is cut to whole segments.</summary>
    public static byte[] UrlPrefix(this IBlindIndexer indexer, string prefix)
    {
        var url = ReducedUrl.Of(prefix);
        return prefix.StartsWith('/') ? indexer.Of("path", url.Paths[^1]) : indexer.Of("url", url.Prefixes.LastOrDefault(prefix));
    }

    /// <summary>The indexes of each prefix of a URL and of its path.</summary>
    public static IEnumerable<byte[]> Url(this IBlindIndexer indexer, string reducedUrl)
    {
        var url = ReducedUrl.Of(reducedUrl);
        return [.. url.Prefixes.Select(prefix => indexer.Of("url", prefix)), .. url.Paths.Select(path => indexer.Of("path", path))];
    }

    private static byte[] Of(this IBlindIndexer indexer, string name, string text) => indexer.Index(name, Encoding.UTF8.GetBytes(text));
}
