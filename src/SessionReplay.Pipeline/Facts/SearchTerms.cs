using System.Text;
using SessionReplay.Keys;

namespace SessionReplay.Pipeline.Facts;

/// <summary>
/// The blind indexes that sessions are found by (docs/format/v1.md, section 6.3): the same for what is stored and what is searched for.
/// </summary>
public static class SearchTerms
{
    /// <summary>User ids and e-mail addresses share one index, so that one text to search for finds either.</summary>
    /// <param name="indexer">The tenant's indexer.</param>
    /// <param name="user">The id or e-mail address. Case and outer white space do not matter.</param>
    /// <returns>16 bytes.</returns>
    public static byte[] User(this IBlindIndexer indexer, string user) => indexer.Of("user", user.Trim().ToLowerInvariant());

    /// <summary>Gets the index of a custom event.</summary>
    /// <param name="indexer">The tenant's indexer.</param>
    /// <param name="name">Its name.</param>
    /// <returns>16 bytes.</returns>
    public static byte[] Event(this IBlindIndexer indexer, string name) => indexer.Of("event", name);

    /// <summary>Gets the index of a type of error.</summary>
    /// <param name="indexer">The tenant's indexer.</param>
    /// <param name="type">Its name.</param>
    /// <returns>16 bytes.</returns>
    public static byte[] Error(this IBlindIndexer indexer, string type) => indexer.Of("error", type);

    /// <summary>
    /// Gets the index of the beginning of a URL, or of a path if it begins with a slash. It is truncated to whole segments.
    /// </summary>
    /// <param name="indexer">The tenant's indexer.</param>
    /// <param name="prefix">The beginning.</param>
    /// <returns>16 bytes.</returns>
    public static byte[] UrlPrefix(this IBlindIndexer indexer, string prefix)
    {
        var url = ReducedUrl.Of(prefix);
        return prefix.StartsWith('/') ? indexer.Of("path", url.Paths[^1]) : indexer.Of("url", url.Prefixes.LastOrDefault(prefix));
    }

    /// <summary>The indexes of each prefix of a URL and of its path.</summary>
    internal static IEnumerable<byte[]> Url(this IBlindIndexer indexer, string reducedUrl)
    {
        var url = ReducedUrl.Of(reducedUrl);
        return [.. url.Prefixes.Select(prefix => indexer.Of("url", prefix)), .. url.Paths.Select(path => indexer.Of("path", path))];
    }

    private static byte[] Of(this IBlindIndexer indexer, string name, string text) => indexer.Index(name, Encoding.UTF8.GetBytes(text));
}
