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
    /// <param name="keys">Deletes the keys of sessions and assets.</param>
    /// <param name="store">Lists the keys, and removes those of tenants.</param>
    /// <param name="ring">The service itself, when it is a key ring that is created here.</param>
    internal KeyStartOver(IKeyManagementService management, IKeyStore keys, IKeyRotationStore store, IKeyRingRotation? ring) =>
        (_management, _keys, _store, _ring) = (management, keys, store, ring);

    /// <summary>Counts what would be discarded, and changes nothing.</summary>
    /// <param name="cancellationToken">Ends the work between two keys.</param>
    /// <returns>The counts, or all keys where the key ring itself cannot be used.</returns>
    /// <exception cref="KeyStoreUnavailableException">The key store cannot be reached.</exception>
    public ValueTask<KeyStartOverResult> CountAsync(CancellationToken cancellationToken) => WalkAsync(null, null, cancellationToken);

    /// <summary>
    /// Creates a key ring where it is missing or cannot be read, and discards every data key that cannot be unwrapped: sessions and assets
    /// are gone as if they had been deleted, and tenants get new keys. It may be stopped and run again.
    /// </summary>
    /// <param name="discarding">Called with the names of keys, at most 500, before they are discarded; when it throws, they stay.</param>
    /// <param name="cancellationToken">Ends the work between two keys.</param>
    /// <returns>What was discarded.</returns>
    /// <exception cref="KeyManagementException">The key management cannot be used at the moment; nothing more was discarded.</exception>
    /// <exception cref="KeyStoreUnavailableException">The key store cannot be reached.</exception>
    public ValueTask<KeyStartOverResult> RunAsync(
        Func<IReadOnlyCollection<DataKeyId>, CancellationToken, ValueTask> discarding, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(discarding);
        return WalkAsync(_ring?.StartOver(), discarding, cancellationToken);
    }

    private async ValueTask<KeyStartOverResult> WalkAsync(
        string? brokenRing, Func<IReadOnlyCollection<DataKeyId>, CancellationToken, ValueTask>? discarding,
        CancellationToken cancellationToken)
    {
        var result = new KeyStartOverResult(0, 0, 0, 0, brokenRing);
        DataKeyId? after = null;
        while (await _store.ListNotWrappedByAsync(string.Empty, after, BatchSize, cancellationToken)
            .ConfigureAwait(false) is { Count: > 0 } entries)
        {
            var lost = new List<DataKeyEntry>();
            foreach (var entry in entries)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (await IsReadableAsync(entry, discarding is not null, cancellationToken).ConfigureAwait(false))
                {
                    result = result with { Readable = result.Readable + 1 };
                }
                else
                {
                    lost.Add(entry);
                }
            }

            if (discarding is not null && lost.Count > 0)
            {
                await discarding([.. lost.Select(static entry => entry.Id)], cancellationToken).ConfigureAwait(false);
                foreach (var entry in lost)
                {
                    await DiscardAsync(entry, cancellationToken).ConfigureAwait(false);
                }
            }

            result = Add(result, lost);
            after = entries[^1].Id;
        }

        return result;
    }

    private static KeyStartOverResult Add(KeyStartOverResult result, List<DataKeyEntry> lost) => result with
    {
        Sessions = result.Sessions + lost.Count(static entry => entry.Id.Purpose == DataKeyPurpose.Session),
        Assets = result.Assets + lost.Count(static entry => entry.Id.Purpose == DataKeyPurpose.Asset),
        TenantKeys = result.TenantKeys + lost.Count(static entry => entry.Id.Purpose == DataKeyPurpose.Metadata),
    };

    private async ValueTask DiscardAsync(DataKeyEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Id.Purpose == DataKeyPurpose.Metadata)
        {
            // No tombstone: the tenant gets a new key.
            await _store.TryRemoveAsync(entry, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await _keys.DeleteAsync(entry.Id, cancellationToken).ConfigureAwait(false);
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
