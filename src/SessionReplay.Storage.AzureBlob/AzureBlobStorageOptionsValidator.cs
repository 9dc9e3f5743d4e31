using Azure.Storage.Blobs;
using Microsoft.Extensions.Options;

namespace SessionReplay.Storage.AzureBlob;

/// <summary>
/// Refuses a missing or malformed connection string at the start, without repeating its text: it holds the account's key.
/// </summary>
[OptionsValidator]
internal sealed partial class AzureBlobStorageOptionsValidator(string path) : IValidateOptions<AzureBlobStorageOptions>
{
    ValidateOptionsResult IValidateOptions<AzureBlobStorageOptions>.Validate(string? name, AzureBlobStorageOptions options) =>
        Validate(name, options).At<AzureBlobStorageOptions>(
            path, options.ServiceKey is null ? Check(options.ConnectionString) : []);

    private IEnumerable<string> Check(string connectionString)
    {
        if (string.IsNullOrEmpty(connectionString))
        {
            return [$"'{path}:ConnectionString' is missing: give that of the storage account, or a ServiceKey."];
        }

        try
        {
            _ = new BlobServiceClient(connectionString);
            return [];
        }
        catch (FormatException)
        {
            return [$"'{path}:ConnectionString' is none of a storage account. It looks like 'DefaultEndpointsProtocol=https;AccountName=...;AccountKey=...'."];
        }
    }
}
