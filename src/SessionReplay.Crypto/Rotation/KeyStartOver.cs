using SessionReplay.Crypto.Ciphers;
using SessionReplay.Crypto.KeyRing;
using SessionReplay.Keys;

namespace SessionReplay.Crypto.Rotation;

/// <summary>Goes on without a key-encryption key that is lost for good: discards the data keys that only it could unwrap.</summary>
public sealed class KeyStartOver
{
    private const int BatchSize = 500;

    private readonly IKeyManagementService _management;
    private readonly IKeyStore _keys;
    private readonly IKeyRotationStore _store;
    private readonly IKeyRingRotation? _ring;

    /// <param name="management">Unwraps; may stand in front of the service itself.</param>
    /// <param name="keys">Deletes the keys of sessions.</param>
    /// <param name="store">Lists the keys, and removes those of tenants.</param>
    /// <param name="ring">The service itself, when it is a key ring that is created here.</param>
    internal KeyStartOver(IKeyManagementService management, IKeyStore keys, IKeyRotationStore store, IKeyRingRotation? ring) =>
        (_management, _keys, _store, _ring) = (management, keys, store, ring);

    /// <summary>Counts what would be discarded, and changes nothing.</summary>
    /// <param name="cancellationToken">Ends the work between two keys.</param>
    /// <returns>The counts, or all keys where the key ring itself cannot be used.</returns>
    /// <exception cref="KeyStoreUnavailableException">The key store cannot be reached.</exception>
    public ValueTask<KeyStartOverResult> CountAsync(CancellationToken cancellationToken) => WalkAsync(null, false, cancellationToken);

    /// <summary>
    /// Creates a key ring where it is missing or cannot be read, and discards every data key that cannot be unwrapped: sessions are gone as if they had
    /// been deleted, and tenants get new keys. It may be stopped and run again.
    /// </summary>
    /// <param name="cancellationToken">Ends the work between two keys.</param>
    /// <returns>What was discarded.</returns>
    /// <exception cref="KeyManagementException">The key management cannot be used at the moment; nothing more was discarded.</exception>
    /// <exception cref="KeyStoreUnavailableException">The key store cannot be reached.</exception>
    public ValueTask<KeyStartOverResult> RunAsync(CancellationToken cancellationToken) => WalkAsync(_ring?.StartOver(), true, cancellationToken);

    private async ValueTask<KeyStartOverResult> WalkAsync(string? brokenRing, bool discard, CancellationToken cancellationToken)
    {
        var (sessions, tenantKeys, readable, after) = (0, 0, 0, (DataKeyId?)null);
        while (await _store.ListNotWrappedByAsync(string.Empty, after, BatchSize, cancellationToken).ConfigureAwait(false) is { Count: > 0 } entries)
        {
            foreach (var entry in entries)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (await IsReadableAsync(entry, discard, cancellationToken).ConfigureAwait(false))
                {
                    readable++;
                    continue;
                }

                (sessions, tenantKeys) = entry.Id.Purpose == DataKeyPurpose.Session ? (sessions + 1, tenantKeys) : (sessions, tenantKeys + 1);
                if (discard)
                {
                    await DiscardAsync(entry, cancellationToken).ConfigureAwait(false);
                }
            }

            after = entries[^1].Id;
        }

        return new(sessions, tenantKeys, readable, brokenRing);
    }

    private async ValueTask DiscardAsync(DataKeyEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Id.Purpose == DataKeyPurpose.Session)
        {
            await _keys.DeleteAsync(entry.Id, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            // No tombstone: the tenant gets a new key.
            await _store.TryRemoveAsync(entry, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> IsReadableAsync(DataKeyEntry entry, bool discard, CancellationToken cancellationToken)
    {
        using var key = new KeyMaterial();
        try
        {
            await _management.UnwrapAsync(entry.Id, entry.Key, key.Memory, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (KeyManagementException e) when (e.IsPermanent || (_ring is not null && !discard))
        {
            return false;
        }
    }
}
