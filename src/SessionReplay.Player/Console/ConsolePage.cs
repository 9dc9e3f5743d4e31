using System.Net;

namespace SessionReplay.Player.Console;

/// <summary>Writes the console's pages. They hold no data: the components on them ask the playback endpoints, which decide who may see what.</summary>
internal static class ConsolePage
{
    /// <summary>
    /// Scripts only from here. A replayed page takes images, styles and fonts out of the recording itself and asks nobody for anything: to look at a session must not be seen by others, nor change anything.
    /// </summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; img-src data: blob:; font-src data: blob:; "
        + "media-src data: blob:; frame-src 'self' about: blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'self'";

    public static string List(string prefix) => Write(
        prefix,
        "Sessions",
        "list",
        $"""<session-replay-list api="{Encode(prefix)}/api" href="{Encode(prefix)}/tenants/{"{tenant}"}/sessions/{"{id}"}"></session-replay-list>""");

    public static string Session(string prefix, string tenant, string id) => Write(
        prefix,
        "Session",
        "player",
        $"""<session-replay-player api="{Encode(prefix)}/api" tenant="{Encode(tenant)}" session="{Encode(id)}" back="{(prefix.Length == 0 ? "/" : Encode(prefix))}"></session-replay-player>""");

    private static string Write(string prefix, string title, string page, string content) =>
        $$"""
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <meta name="robots" content="noindex">
          <title>{{title}} · Session replay</title>
          <link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='7' fill='%232f6fed'/%3E%3Cpath d='M6 4.5l6 3.5-6 3.5z' fill='white'/%3E%3C/svg%3E">
          <style>
            html, body { margin: 0; height: 100%; background: #f6f7f9; color: #1b2430; font: 14px/1.45 system-ui, sans-serif; color-scheme: light dark; }
            body.player { display: flex; flex-direction: column; overflow: hidden; }
            body.player session-replay-player { flex: 1; min-height: 0; }
            main { display: contents; }
            .hidden { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
            .top { margin: 0; font-size: inherit; padding: 12px 20px; font-weight: 600; background: #fff; border-bottom: 1px solid #dfe3e8; }
            .top a { color: inherit; text-decoration: none; }
            @media (prefers-color-scheme: dark) { html, body { background: #12161c; color: #e6ebf1; } .top { background: #1a2028; border-color: #313b48; } }
            @media (max-width: 900px) { body.player { overflow: auto; } }
          </style>
          <script type="module" src="{{Encode(prefix)}}/{{PlayerBundle.FileName}}?v={{PlayerBundle.Version}}"></script>
        </head>
        <body class="{{page}}">
          <main>
            <h1 class="{{(page == "list" ? "top" : "hidden")}}">{{(page == "list" ? "Session replay" : "Replay of a session")}}</h1>
            {{content}}
          </main>
          <noscript>The console needs JavaScript.</noscript>
        </body>
        </html>
        """;

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
