namespace SessionReplay.Catalog;

/// <summary>Cuts the path out of a URL, for the search by path.</summary>
public static class UrlPath
{
    /// <summary>Gets the path of a URL.</summary>
    /// <param name="url">Origin and path, for instance <c>https://shop.example/cart</c>.</param>
    /// <returns>The path with its slash, for instance <c>/cart</c>; a text that is not a URL is given back as it is.</returns>
    public static string Of(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return url;
        }

        var slash = url.IndexOf('/', scheme + 3);
        return slash < 0 ? "/" : url[slash..];
    }
}
