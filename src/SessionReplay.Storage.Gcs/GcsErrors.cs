using System.Net;
using Google;
using Google.Apis.Auth.OAuth2.Responses;

namespace SessionReplay.Storage.Gcs;

/// <summary>Turns the client's errors into those of <see cref="IBlobStore"/>.</summary>
internal static class GcsErrors
{
    /// <summary>Gives the store's error for one of the client, or <see langword="null"/> for one that is the caller's.</summary>
    /// <param name="error">The client's error.</param>
    /// <param name="call">What was called for, for the message.</param>
    /// <param name="cancellationToken">The caller's; a wait that it ended is not an error of the store.</param>
    public static BlobStoreUnavailableException? Unavailable(Exception error, string call, CancellationToken cancellationToken) =>
        error switch
    {
        GoogleApiException { HttpStatusCode: HttpStatusCode.PreconditionFailed } => null,
        GoogleApiException e => new($"Cloud Storage did not confirm a call for '{call}' (status {(int)e.HttpStatusCode}).", e),
        HttpRequestException or IOException or TokenResponseException => new($"Cloud Storage did not answer a call for '{call}'.", error),
        OperationCanceledException when !cancellationToken.IsCancellationRequested =>
            new($"Cloud Storage did not answer a call for '{call}' in time.", error),
        _ => null,
    };

    /// <summary>Tells whether the client's error says that something is not there.</summary>
    public static bool IsNotFound(Exception error) => error is GoogleApiException { HttpStatusCode: HttpStatusCode.NotFound };
}
