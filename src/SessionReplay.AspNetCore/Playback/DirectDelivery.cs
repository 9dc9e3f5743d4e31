using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>Gives the URLs at which browsers get sealed recordings by themselves (<see cref="PlaybackDelivery.Direct"/>).</summary>
internal sealed class DirectDelivery(
    [Guarded] IBlobStore blobs, IOptions<PlaybackOptions> options, TimeProvider clock, ILogger<DirectDelivery> logger)
{
    /// <summary>
    /// The key of the service with <see cref="Origin"/>, for the console, which knows nothing of this package.
    /// </summary>
    public const string ServiceKey = "SessionReplay:Playback:EdgeAddress";

    private const string Parameter = "delivery";

    private readonly PlaybackOptions _options = options.Value;

    /// <summary>Where browsers get recordings from; <see langword="null"/> when that is the application, or is not known.</summary>
    public Uri? Origin { get; private set; }

    public bool IsOn => _options.Delivery == PlaybackDelivery.Direct;

    /// <summary>Finds out where browsers get recordings from.</summary>
    /// <returns>Whether there is such a place.</returns>
    /// <exception cref="BlobStoreUnavailableException">The store needs a call of its service to sign, and did not answer.</exception>
    public async ValueTask<bool> TryFindOriginAsync(CancellationToken cancellationToken)
    {
        Origin = await PresignAsync("origin", cancellationToken).ConfigureAwait(false) is { } url
            ? new(url.GetLeftPart(UriPartial.Authority))
            : null;
        return Origin is not null;
    }

    /// <summary>Presigns the URL of an object for a viewer who has said that they open it (<c>delivery=direct</c>).</summary>
    /// <returns>The URL; <see langword="null"/> when the application is to send the object.</returns>
    public async ValueTask<Uri?> TryPresignAsync(HttpRequest request, string key, CancellationToken cancellationToken)
    {
        if (!IsOn || request.Query[Parameter] != "direct")
        {
            return null;
        }

        try
        {
            return await PresignAsync(key, cancellationToken).ConfigureAwait(false);
        }
        catch (BlobStoreUnavailableException e)
        {
            Log.NotPresigned(logger, e);
            return null;
        }
    }

    private async ValueTask<Uri?> PresignAsync(string key, CancellationToken cancellationToken)
    {
        var expires = clock.GetUtcNow() + _options.PresignedLifetime;
        var url = await blobs.TryPresignAsync(key, expires, cancellationToken).ConfigureAwait(false);
        return url is not null && _options.EdgeAddress is { Length: > 0 } edge ? new(edge.TrimEnd('/') + url.PathAndQuery) : url;
    }
}
