using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>
/// A document in which recordings are replayed. It holds no data and has a policy of its own, whatever the application's is: the recorded
/// page is built in it, and a strict policy would leave out that page's styles and images.
/// </summary>
internal sealed class ReplayDocument
{
    private const string StageScript = "replay-stage.js";

    /// <summary>Beside the application, only its own pages may frame it.</summary>
    private const string BesideApplication = "; frame-ancestors 'self'";

    /// <summary>On an origin of its own it may open no window and no dialog, and leads the page around it nowhere.</summary>
    private const string Alone = "; sandbox allow-scripts allow-same-origin";

    private readonly Lazy<Content?> _content;

    private ReplayDocument(string name, Func<Content?> create)
    {
        Name = name;
        _content = new(create);
    }

    /// <summary>
    /// The empty document in which a recorded page is built. Styles and what the recording holds are shown; nothing runs, nothing is
    /// fetched.
    /// </summary>
    public static ReplayDocument Frame { get; } = new("replay-frame", static () => Create(
        """<!doctype html><html><head><meta name="session-replay-frame"></head><body></body></html>""",
        "default-src 'none'; img-src data: blob:; media-src data: blob:; font-src data: blob:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
        + "sandbox allow-same-origin"));

    /// <summary>
    /// The page that replays: the player frames it and sends it what it replays, and it frames <see cref="Frame"/>. Its own script runs and
    /// no other.
    /// </summary>
    public static ReplayDocument Stage { get; } = new("replay-stage", CreateStage);

    public static ReplayDocument[] All => [Frame, Stage];

    /// <summary>The last segment of its path.</summary>
    public string Name { get; }

    /// <summary>The last segments of its path.</summary>
    public string Path => $"/api/{Name}";

    /// <summary>Whether a request is for it, wherever the application is mounted.</summary>
    public bool IsAskedFor(HttpRequest request) => request.Path.Value?.EndsWith(Path, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Sets its headers, once the application has set its own.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="isAlone">
    /// Whether it is on an origin where there is nothing else. The player is of another origin then, and the application does not know of
    /// which; a page that frames this one gets an empty document.
    /// </param>
    public void SetHeaders(HttpResponse response, bool isAlone)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy =
            $"{_content.Value?.Policy ?? "default-src 'none'"}{(!isAlone ? BesideApplication : this == Stage ? Alone : string.Empty)}";
        // A report on the recorded page's styles would hold parts of the recording.
        headers.ContentSecurityPolicyReportOnly = default;
        headers.XFrameOptions = isAlone ? default(string) : "SAMEORIGIN";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Origin-Agent-Cluster"] = "?1";
        headers.CacheControl = "private, max-age=600";
    }

    /// <summary>Gets the answer.</summary>
    public IResult Answer(HttpContext context)
    {
        if (_content.Value is not { } content)
        {
            return PlaybackProblem.Create(
                StatusCodes.Status404NotFound, "not-found", "The stage is not part of this build.",
                "Build SessionReplay.AspNetCore without -p:BuildJs=false.");
        }

        return content.File.Answer(context, "text/html; charset=utf-8");
    }

    private static Content? CreateStage()
    {
        if (CompressedFile.ReadResource(StageScript) is not { } bytes)
        {
            return null;
        }

        // Decoded as text, because a byte order mark must not become part of the inline script.
        using var reader = new StreamReader(new MemoryStream(bytes), Encoding.UTF8);
        var script = reader.ReadToEnd();
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        return Create(
            $"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Replay</title></head><body><script>{script}</script></body></html>""",
            $"default-src 'none'; script-src 'sha256-{hash}'; frame-src 'self'; form-action 'none'; base-uri 'none'; "
            + "require-trusted-types-for 'script'; trusted-types 'none'");
    }

    private static Content Create(string html, string policy) => new(new CompressedFile(Encoding.UTF8.GetBytes(html)), policy);

    private sealed record Content(CompressedFile File, string Policy);
}
