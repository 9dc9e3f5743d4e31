using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>
/// The origin on which recordings are replayed, so that the browser gives them a process of their own
/// (<see cref="PlaybackOptions.ReplayOrigin"/>).
/// </summary>
internal sealed class ReplayOrigin
{
    private const string ForwardedHost = "X-Forwarded-Host";

    private readonly Uri _uri;

    private ReplayOrigin(Uri uri) => _uri = uri;

    /// <summary>
    /// The key of the service with the origin as a <see cref="Uri"/>, for the console, which knows nothing of this package.
    /// </summary>
    public const string ServiceKey = "SessionReplay:Playback:ReplayOrigin";

    public Uri Uri => _uri;

    /// <returns><see langword="null"/> when recordings are replayed on the application's own origin.</returns>
    public static ReplayOrigin? Of(PlaybackOptions options) => options.ReplayOrigin is { Length: > 0 } text ? new(new Uri(text)) : null;

    /// <summary>
    /// Returns whether a request is for this origin. It compares the host name, and the one that a proxy forwards: the application reads
    /// that one later, and a request with a false one gets less, not more.
    /// </summary>
    public bool IsAskedFor(HttpRequest request)
    {
        if (IsOwn(request.Host))
        {
            return true;
        }

        foreach (var value in request.Headers[ForwardedHost])
        {
            if (value is not null && value.Split(',', StringSplitOptions.TrimEntries).Any(name => IsOwn(new HostString(name))))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Gets the address on this origin of what is asked for.</summary>
    public string AddressOf(HttpRequest request) =>
        UriHelper.BuildAbsolute(_uri.Scheme, new HostString(_uri.Authority), request.PathBase, request.Path);

    private bool IsOwn(HostString host) => string.Equals(host.Host, _uri.Host, StringComparison.OrdinalIgnoreCase);
}
