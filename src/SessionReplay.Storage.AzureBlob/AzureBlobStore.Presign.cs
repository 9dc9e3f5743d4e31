using Azure;
using Azure.Storage.Sas;

namespace SessionReplay.Storage.AzureBlob;

/// <content>Presigned URLs: shared access signatures, in Azure's words.</content>
internal sealed partial class AzureBlobStore
{
    public async ValueTask<Uri?> TryPresignAsync(string key, DateTimeOffset expires, CancellationToken cancellationToken)
    {
        BlobKey.ThrowIfInvalid(key);
        var blob = _container.GetBlobClient(_options.KeyPrefix + key);
        if (blob.CanGenerateSasUri)
        {
            return blob.GenerateSasUri(BlobSasPermissions.Read, expires);
        }

        try
        {
            var delegated = await CallAsync(key, () => _delegation.GetAsync(expires, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            return blob.GenerateUserDelegationSasUri(BlobSasPermissions.Read, expires, delegated);
        }
        catch (BlobStoreUnavailableException e) when (e.InnerException is RequestFailedException { Status: 401 or 403 })
        {
            // A client that has itself a signature only, or an identity without the right to sign.
            return null;
        }
    }
}
