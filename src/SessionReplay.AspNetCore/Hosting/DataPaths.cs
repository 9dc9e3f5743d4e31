using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SessionReplay.AspNetCore;

/// <summary>Gives the embedded adapters their places below <see cref="SessionReplayOptions.DataDirectory"/>.</summary>
internal sealed class DataPaths(IHostEnvironment environment, IOptions<SessionReplayOptions> options)
{
    /// <summary>A path in the data directory.</summary>
    public string Of(params ReadOnlySpan<string> segments) => Path.Combine([Rooted(options.Value.DataDirectory), .. segments]);

    /// <summary>
    /// A configured path: a relative one begins at the content root. An empty one stays empty, for the validators to refuse.
    /// </summary>
    public string Absolute(string path) => string.IsNullOrEmpty(path) ? path : Rooted(path);

    private string Rooted(string path) => Path.GetFullPath(path, environment.ContentRootPath);
}
