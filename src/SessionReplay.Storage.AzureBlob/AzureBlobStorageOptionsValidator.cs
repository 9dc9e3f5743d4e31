using Azure.Storage.Blobs;
using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.AzureBlob;

/// <summary>Refuses a missing or malformed connection string at the start, without repeating its text: it holds the account's key.</summary>
internal sealed class AzureBlobStorageOptionsValidator : IValidateOptions<AzureBlobStorageOptions>
{
    public ValidateOptionsResult Validate(string? name, AzureBlobStorageOptions options) =>
        new AzureBlobStorageOptionsAttributesValidator().Validate(name, options).With(options.ServiceKey is null ? Check(options.ConnectionString) : []);

    private static IEnumerable<string> Check(string connectionString)
    {
        if (string.IsNullOrEmpty(connectionString))
        {
            return ["AzureBlobStorageOptions.ConnectionString is missing: give that of the storage account, or a ServiceKey."];
        }

        try
        {
            _ = new BlobServiceClient(connectionString);
            return [];
        }
        catch (FormatException)
        {
            return ["AzureBlobStorageOptions.ConnectionString is none of a storage account. It looks like 'DefaultEndpointsProtocol=https;AccountName=...;AccountKey=...'."];
        }
    }
}
