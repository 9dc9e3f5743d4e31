using System.Net;
using Google;
using Google.Cloud.Storage.V1;

namespace SessionReplay.Storage.Gcs;

/// <content>Presigned URLs: signed URLs, in Google's words.</content>
internal sealed partial class GcsBlobStore
{
    private readonly Lazy<UrlSigner?> _signer;

    public async ValueTask<Uri?> TryPresignAsync(string key, DateTimeOffset expires, CancellationToken cancellationToken)
    {
        BlobKey.ThrowIfInvalid(key);
        if (_signer.Value is not { } signer)
        {
            return null;
        }

        try
        {
            // Without a private key of its own, for instance on Google's machines, the client asks Google's IAM to sign.
            return new(await signer.SignAsync(
                UrlSigner.RequestTemplate.FromBucket(_options.Bucket).WithObjectName(FullKey(key)).WithHttpMethod(HttpMethod.Get),
                UrlSigner.Options.FromExpiration(expires).WithSigningVersion(SigningVersion.V4), cancellationToken).ConfigureAwait(false));
        }
        catch (GoogleApiException e) when (e.HttpStatusCode == HttpStatusCode.Forbidden)
        {
            // An account without the right to sign.
            return null;
        }
        catch (Exception e) when (GcsErrors.Unavailable(e, key, cancellationToken) is { } unavailable)
        {
            throw unavailable;
        }
    }

    private static UrlSigner? CreateSigner(StorageClient client)
    {
        try
        {
            return client.CreateUrlSigner();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentNullException)
        {
            // The credentials are of a kind that signs nothing, or there are none.
            return null;
        }
    }
}
