using Azure.Storage.Blobs.Models;

namespace SessionReplay.Storage.AzureBlob;

/// <content>What an operator sets up once.</content>
internal sealed partial class AzureBlobStore
{
    public async ValueTask<IReadOnlyList<string>> SetUpAsync(IReadOnlyList<BlobRetentionRule> rules, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var made = await CallAsync(
            _options.Bucket,
            () => _container.CreateIfNotExistsAsync(PublicAccessType.None, cancellationToken: cancellationToken),
            cancellationToken).ConfigureAwait(false);
        if (rules.Count > 0)
        {
            throw new NotSupportedException(
                $"The container '{_options.Bucket}' is there, but lifecycle rules belong to the storage account and are not in reach of its data-plane keys. "
                + "Set them up with: az storage account management-policy create --policy @policy.json; one rule with blobTypes [blockBlob], "
                + $"prefixMatch {string.Join(", ", rules.Select(r => $"{_options.Bucket}/{_options.KeyPrefix}{r.Prefix} (delete after {r.Days} days)"))}.");
        }

        return [made is null ? $"The container '{_options.Bucket}' is there." : $"Made the container '{_options.Bucket}'."];
    }
}
