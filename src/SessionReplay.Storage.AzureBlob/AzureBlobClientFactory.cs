using Azure.Core;
using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;

namespace SessionReplay.Storage.AzureBlob;

/// <summary>Finds or makes the client of the storage account.</summary>
internal static class AzureBlobClientFactory
{
    public static BlobServiceClient Create(IServiceProvider provider, AzureBlobStorageOptions options)
    {
        if (options.ServiceKey is { Length: > 0 } key)
        {
            return provider.GetRequiredKeyedService<BlobServiceClient>(key);
        }

        if (options.ConnectionString is not { Length: > 0 } connectionString)
        {
            throw new InvalidOperationException(
                "SessionReplay:Storage:AzureBlob needs a ConnectionString, or a ServiceKey that names a BlobServiceClient registered by the application.");
        }

        var clientOptions = new BlobClientOptions();
        // Retries with back-off are the application's own policy; the SDK adds none of its own to it.
        clientOptions.Retry.MaxRetries = 0;
        clientOptions.Retry.Mode = RetryMode.Fixed;
        try
        {
            return new BlobServiceClient(connectionString, clientOptions);
        }
        catch (FormatException)
        {
            // The client's own message may hold a part of the string, and with it the account's key.
            throw new InvalidOperationException(
                "SessionReplay:Storage:AzureBlob:ConnectionString is none of a storage account. It looks like 'DefaultEndpointsProtocol=https;AccountName=...;AccountKey=...'.");
        }
    }
}
