using SessionReplay.Crypto.Ciphers;
using SessionReplay.Crypto.KeyRing;
using SessionReplay.Keys;

namespace SessionReplay.Crypto.Rotation;

/// <summary>Rotates key-encryption keys: wraps every data key again and touches no recording.</summary>
public sealed class KeyRotation
{
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
    /// <returns>How many data keys were wrapped again.</returns>
    /// <exception cref="KeyManagementException">A key cannot be wrapped or unwrapped.</exception>
    /// <exception cref="KeyStoreUnavailableException">The key store cannot be reached.</exception>
    public async ValueTask<int> RotateAsync(CancellationToken cancellationToken)
    {
        if (_ring is not null)
        {
            await _ring.AddKeyAsync(cancellationToken).ConfigureAwait(false);
        }

        return await RewrapAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Wraps again what is not wrapped by the current key-encryption key, without adding one.</summary>
    /// <param name="cancellationToken">Ends the work between two keys.</param>
    /// <returns>How many data keys were wrapped again.</returns>
    /// <exception cref="KeyManagementException">A key cannot be wrapped or unwrapped.</exception>
    /// <exception cref="KeyStoreUnavailableException">The key store cannot be reached.</exception>
    public async ValueTask<int> RewrapAsync(CancellationToken cancellationToken)
    {
        var rewrapped = 0;
        while (true)
        {
            // Asked each time: were it rotated meanwhile, everything wrapped from then on would count as not done, and there would be no end.
            var current = await _management.GetCurrentKeyIdAsync(cancellationToken).ConfigureAwait(false);
            var entries = await _store.ListNotWrappedByAsync(current, BatchSize, cancellationToken).ConfigureAwait(false);
            if (entries.Count == 0)
            {
                return rewrapped;
            }

            foreach (var entry in entries)
            {
                cancellationToken.ThrowIfCancellationRequested();
                rewrapped += await TryRewrapAsync(entry, cancellationToken).ConfigureAwait(false) ? 1 : 0;
            }
        }
    }

    private async ValueTask<bool> TryRewrapAsync(DataKeyEntry entry, CancellationToken cancellationToken)
    {
        using var key = new KeyMaterial();
        await _management.UnwrapAsync(entry.Id, entry.Key, key.Memory, cancellationToken).ConfigureAwait(false);
        var wrapped = await _management.WrapAsync(entry.Id, key.Memory, cancellationToken).ConfigureAwait(false);
        return await _store.TryReplaceAsync(entry, wrapped, cancellationToken).ConfigureAwait(false);
    }
}
