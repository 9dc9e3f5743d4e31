using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SessionReplay.AspNetCore;

/// <summary>Gives the embedded parts their places below <see cref="SessionReplayOptions.DataDirectory"/>.</summary>
internal sealed class DataPaths(IHostEnvironment environment, IOptions<SessionReplayOptions> options)
{
    /// <summary>A path in the data directory.</summary>
    public string Of(params ReadOnlySpan<string> segments) => Path.Combine([Absolute(options.Value.DataDirectory), .. segments]);

    /// <summary>A configured path: a relative one begins at the content root.</summary>
    public string Absolute(string path) => Path.GetFullPath(path, environment.ContentRootPath);
}
