using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace SessionReplay.Storage.AzureBlob;

/// <summary>
/// The key with which a client without the account's key signs, for instance one with a managed identity (Azure Storage, "Create a user
/// delegation SAS"). It is asked for every few hours.
/// </summary>
internal sealed class DelegationKey(BlobServiceClient service)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(6);

    private UserDelegationKey? _key;

    /// <summary>Gets a key that is valid until then.</summary>
    public async Task<UserDelegationKey> GetAsync(DateTimeOffset expires, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _key) is { } known && known.SignedExpiresOn >= expires)
        {
            return known;
        }

        // Valid from a time that is past, also for a service whose clock is behind.
        var options = new BlobGetUserDelegationKeyOptions(expires + Lifetime) { StartsOn = expires.AddDays(-1) };
        var key = (await service.GetUserDelegationKeyAsync(options, cancellationToken).ConfigureAwait(false)).Value;
        Volatile.Write(ref _key, key);
        return key;
    }
}
