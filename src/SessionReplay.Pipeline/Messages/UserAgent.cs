using System.Globalization;

namespace SessionReplay.Pipeline.Messages;

/// <summary>What a User-Agent header contains: a browser with its major version, an operating system and a kind of device.</summary>
internal sealed record UserAgent(string? Browser, string? Os, string Device)
{
    /// <summary>The longest header that is looked at, in characters.</summary>
    public const int MaxLength = 1024;

    /// <summary>Browsers by their token, the more special before those whose token they carry too.</summary>
    private static readonly (string Token, string Name)[] Browsers =
    [
        ("Edg/", "Edge"), ("EdgA/", "Edge"), ("EdgiOS/", "Edge"), ("OPR/", "Opera"), ("OPT/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("YaBrowser/", "Yandex"), ("Vivaldi/", "Vivaldi"), ("UCBrowser/", "UC Browser"), ("DuckDuckGo/", "DuckDuckGo"),
        ("FxiOS/", "Firefox"),
        ("Firefox/", "Firefox"), ("CriOS/", "Chrome"), ("HeadlessChrome/", "Chrome"), ("Chrome/", "Chrome"), ("Version/", "Safari"),
        ("Trident/", "Internet Explorer"),
    ];

    private static readonly (string Token, string Name)[] Systems =
    [
        ("Windows Phone", "Windows Phone"), ("Windows", "Windows"), ("iPhone", "iOS"), ("iPod", "iOS"), ("iPad", "iPadOS"),
        ("CrOS", "ChromeOS"),
        ("Android", "Android"), ("Mac OS X", "macOS"), ("Macintosh", "macOS"), ("Linux", "Linux"), ("X11", "Unix"),
    ];

    private static readonly string[] BotTokens = [
        "bot", "crawler", "spider", "slurp", "facebookexternalhit", "lighthouse", "curl/", "wget/", "python-"];

    public static UserAgent Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var agent = text.AsSpan(0, Math.Min(text.Length, MaxLength));
        return new(FindBrowser(agent), Find(agent, Systems), FindDevice(agent));
    }

    private static string? FindBrowser(ReadOnlySpan<char> agent)
    {
        foreach (var (token, name) in Browsers)
        {
            var at = agent.IndexOf(token, StringComparison.Ordinal);
            if (at < 0 || (token == "Version/" && !agent.Contains("Safari/", StringComparison.Ordinal)))
            {
                continue;
            }

            var version = agent[(at + token.Length)..];
            var end = version.IndexOfAnyExceptInRange('0', '9');
            version = end < 0 ? version : version[..end];
            return version.Length is > 0 and <= 5 ? string.Create(CultureInfo.InvariantCulture, $"{name} {version}") : name;
        }

        return null;
    }

    private static string? Find(ReadOnlySpan<char> agent, (string Token, string Name)[] table)
    {
        foreach (var (token, name) in table)
        {
            if (agent.Contains(token, StringComparison.Ordinal))
            {
                return name;
            }
        }

        return null;
    }

    private static string FindDevice(ReadOnlySpan<char> agent)
    {
        foreach (var token in BotTokens)
        {
            if (agent.Contains(token, StringComparison.OrdinalIgnoreCase))
            {
                return "bot";
            }
        }

        var isAndroid = agent.Contains("Android", StringComparison.Ordinal);
        var isMobile = agent.Contains("Mobile", StringComparison.Ordinal);
        return agent.Contains("iPad", StringComparison.Ordinal) || agent.Contains("Tablet", StringComparison.Ordinal)
            || (isAndroid && !isMobile) ? "tablet"
            : isMobile || agent.Contains("iPhone", StringComparison.Ordinal) ? "mobile"
            : "desktop";
    }
}
