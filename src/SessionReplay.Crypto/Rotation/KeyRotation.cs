using SessionReplay.Crypto.Ciphers;
using SessionReplay.Crypto.KeyRing;
using SessionReplay.Keys;

namespace SessionReplay.Crypto.Rotation;

/// <summary>Rotates key-encryption keys: wraps every data key again and touches no recording.</summary>
public sealed class KeyRotation
{
    /// <summary>How many data keys may fail before the work ends: most likely the key ring, and not the keys, is the wrong one.</summary>
    public const int MaxFailed = 10_000;

    private const int BatchSize = 500;

    private readonly IKeyManagementService _management;
    private readonly IKeyRotationStore _store;
    private readonly IKeyRingRotation? _ring;

    /// <summary>Initializes a new instance of the <see cref="KeyRotation"/> class.</summary>
    /// <param name="management">Wraps and unwraps.</param>
    /// <param name="store">Holds the wrapped keys.</param>
    public KeyRotation(IKeyManagementService management, IKeyRotationStore store)
        : this(management, store, management as IKeyRingRotation)
    {
    }

    /// <param name="management">Wraps and unwraps; may stand in front of the service itself.</param>
    /// <param name="store">Holds the wrapped keys.</param>
    /// <param name="ring">The service itself, when it is a key ring that keys are added to here.</param>
    internal KeyRotation(IKeyManagementService management, IKeyRotationStore store, IKeyRingRotation? ring)
    {
        ArgumentNullException.ThrowIfNull(management);
        ArgumentNullException.ThrowIfNull(store);
        _management = management;
        _store = store;
        _ring = ring;
    }

    /// <summary>
    /// Adds a key-encryption key to the local key ring (another service rotates its own) and wraps every data key with the current one.
    /// It may be stopped and run again at any time: it goes on where it was.
    /// </summary>
    /// <param name="cancellationToken">Ends the work between two keys.</param>
    /// <returns>What was done. A data key that is damaged does not keep the others from being wrapped again; 10,000 end the work.</returns>
    /// <exception cref="KeyManagementException">The key management cannot be used.</exception>
    /// <exception cref="KeyStoreUnavailableException">The key store cannot be reached.</exception>
    public async ValueTask<KeyRotationResult> RotateAsync(CancellationToken cancellationToken)
    {
        if (_ring is not null)
        {
            await _ring.AddKeyAsync(cancellationToken).ConfigureAwait(false);
        }

        return await RewrapAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Wraps again what is not wrapped by the current key-encryption key, without adding one.</summary>
    /// <param name="cancellationToken">Ends the work between two keys.</param>
    /// <returns>What was done. A data key that is damaged does not keep the others from being wrapped again; 10,000 end the work.</returns>
    /// <exception cref="KeyManagementException">The key management cannot be used.</exception>
    /// <exception cref="KeyStoreUnavailableException">The key store cannot be reached.</exception>
    public async ValueTask<KeyRotationResult> RewrapAsync(CancellationToken cancellationToken)
    {
        var (rewrapped, failed) = (0, new Dictionary<DataKeyId, FailedDataKey>());
        var (current, after, found) = (string.Empty, (DataKeyId?)null, false);
        while (true)
        {
            // Asked each time: if it is rotated on the way, everything wrapped from then on would count as not done, without end.
            var newest = await _management.GetCurrentKeyIdAsync(cancellationToken).ConfigureAwait(false);
            (current, after) = (newest, newest == current ? after : null);
            var entries = await _store.ListNotWrappedByAsync(current, after, BatchSize, cancellationToken).ConfigureAwait(false);
            foreach (var entry in entries.Where(e => !failed.ContainsKey(e.Id)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                found = true;
                rewrapped += await TryRewrapAsync(entry, failed, cancellationToken).ConfigureAwait(false) ? 1 : 0;
                if (failed.Count == MaxFailed)
                {
                    return new(rewrapped, [.. failed.Values]);
                }
            }

            if (entries.Count > 0)
            {
                after = entries[^1].Id;
            }
            else if (found)
            {
                // Once more from the beginning: others may have wrapped keys with an older one behind this pass.
                (after, found) = (null, false);
            }
            else
            {
                return new(rewrapped, [.. failed.Values]);
            }
        }
    }

    /// <returns>Whether the key was wrapped again; not if it failed, or if another process was faster.</returns>
    private async ValueTask<bool> TryRewrapAsync(
        DataKeyEntry entry, Dictionary<DataKeyId, FailedDataKey> failed, CancellationToken cancellationToken)
    {
        using var key = new KeyMaterial();
        if (await TryUnwrapAsync(entry, key, cancellationToken).ConfigureAwait(false) is { } reason)
        {
            failed.Add(entry.Id, new(entry.Id, entry.Key.KeyEncryptionKeyId, reason));
            return false;
        }

        var wrapped = await _management.WrapAsync(entry.Id, key.Memory, cancellationToken).ConfigureAwait(false);
        return await _store.TryReplaceAsync(entry, wrapped, cancellationToken).ConfigureAwait(false);
    }

    /// <returns>What is wrong with this one key; <see langword="null"/> when it is unwrapped.</returns>
    private async ValueTask<string?> TryUnwrapAsync(DataKeyEntry entry, KeyMaterial key, CancellationToken cancellationToken)
    {
        try
        {
            await _management.UnwrapAsync(entry.Id, entry.Key, key.Memory, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (KeyManagementException e) when (e.IsPermanent)
        {
            return e.Message;
        }
    }
}
