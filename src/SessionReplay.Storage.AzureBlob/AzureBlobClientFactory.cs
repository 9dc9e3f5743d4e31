using Azure.Core;
using Azure.Storage.Blobs;

namespace SessionReplay.Storage.AzureBlob;

/// <summary>Finds or makes the client of the storage account.</summary>
internal static class AzureBlobClientFactory
{
    public static BlobServiceClient Create(IServiceProvider provider, AzureBlobStorageOptions options)
    {
        if (options.ServiceKey is { } key)
        {
            return provider.GetClient<BlobServiceClient>(key);
        }

        var clientOptions = new BlobClientOptions();
        // Retries with back-off are the application's own policy; the SDK adds none of its own to it.
        clientOptions.Retry.MaxRetries = 0;
        clientOptions.Retry.Mode = RetryMode.Fixed;
        return new BlobServiceClient(options.ConnectionString, clientOptions);
    }
}
