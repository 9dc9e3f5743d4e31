using System.Net;

namespace SessionReplay.Player.Console;

/// <summary>
/// Writes the console's pages. They hold no data: the components on them ask the playback endpoints, which decide who may see what.
/// </summary>
internal static class ConsolePage
{
    /// <summary>
    /// Everything from here alone. The pages hold no style: what the script styles, it styles by constructed sheets. The recorded page is
    /// in a frame of a policy of its own.
    /// </summary>
    /// <param name="replayOrigin">The origin on which recordings are replayed, if they are on one of their own.</param>
    /// <param name="recordings">From where browsers get recordings, if not from the application.</param>
    public static string ContentSecurityPolicy(Uri? replayOrigin, Uri? recordings) =>
        $"default-src 'none'; script-src 'self'; connect-src 'self'{Origin(recordings)}; img-src 'self'; frame-src 'self'{Origin(replayOrigin)}; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'self'; require-trusted-types-for 'script'; trusted-types lit-html session-replay-player";

    /// <summary>The icon of the pages' tabs.</summary>
    public const string Icon =
        """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="#2f6fed"/><path d="M6 4.5l6 3.5-6 3.5z" fill="white"/></svg>""";

    public const string IconName = "session-replay-icon.svg";

    public static ConsoleContent List(string prefix) => new(
        prefix,
        "Sessions",
        "list",
        $"""<session-replay-list api="{Encode(prefix)}/api" href="{Encode(prefix)}/tenants/{"{tenant}"}/sessions/{"{id}"}"></session-replay-list>""");

    public static ConsoleContent Session(string prefix, string tenant, string id) => new(
        prefix,
        "Session",
        "player",
        $"""<session-replay-player api="{Encode(prefix)}/api" tenant="{Encode(tenant)}" session="{Encode(id)}" back="{(prefix.Length == 0 ? "/" : Encode(prefix))}"></session-replay-player>""");

    /// <param name="content">What is on the page.</param>
    /// <param name="nonce">The nonce of the policy that holds for the page, if it has one.</param>
    public static string Write(ConsoleContent content, string? nonce) =>
        $$"""
        <!doctype html>
        <html lang="en" class="session-replay-console">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <meta name="robots" content="noindex">
          <meta name="color-scheme" content="light dark">
          <title>{{content.Title}} · Session replay</title>
          <link rel="icon" href="{{Encode(content.Prefix)}}/{{IconName}}">
          <script type="module" src="{{Encode(content.Prefix)}}/{{PlayerBundle.Player.FileName}}?v={{PlayerBundle.Player.Version}}" integrity="{{PlayerBundle.Player.Integrity}}"{{(nonce is null ? "" : $" nonce=\"{Encode(nonce)}\"")}}></script>
        </head>
        <body class="{{content.Kind}}">
          <main>
            <h1 class="{{(content.Kind == "list" ? "top" : "hidden")}}">{{(content.Kind == "list" ? "Session replay" : "Replay of a session")}}</h1>
            {{content.Element}}
          </main>
          <noscript>The console needs JavaScript.</noscript>
        </body>
        </html>
        """;

    private static string Origin(Uri? uri) => uri is null ? string.Empty : $" {uri.GetLeftPart(UriPartial.Authority)}";

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
