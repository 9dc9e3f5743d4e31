using System.Security.Cryptography;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.Pipeline.Keys;

/// <summary>Tries whether the key management wraps and unwraps, and whether it holds what the stored keys were wrapped with.</summary>
internal sealed class KeyManagementProbe([Guarded] IKeyManagementService management, [Guarded] IKeyRotationStore? store, TimeProvider clock)
{
    private const int KeyBytes = 32;

    /// <summary>One damaged row of the key store is not a lost key ring.</summary>
    private const int Samples = 5;

    private static readonly DataKeyId ProbeId = new(new("probe"), DataKeyPurpose.Session, Guid.Empty);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>A success is reused for this time: services in the cloud bill each call.</summary>
    private static readonly TimeSpan Validity = TimeSpan.FromSeconds(30);

    private long _succeededAt;

    /// <exception cref="KeyManagementException">The key management cannot be used, or does not hold the key-encryption keys of what is
    /// stored.</exception>
    /// <exception cref="KeyStoreUnavailableException">The key store cannot be reached.</exception>
    public async ValueTask CheckAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Read(ref _succeededAt) is > 0 and var last && clock.GetElapsedTime(last) < Validity)
        {
            return;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        try
        {
            var current = await WrapAsync(limit.Token).ConfigureAwait(false);
            if (store is not null)
            {
                await UnwrapAnyAsync(string.Empty, limit.Token).ConfigureAwait(false);
                await UnwrapAnyAsync(current, limit.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new KeyManagementException($"The key management has not answered within {Timeout.TotalSeconds:F0} seconds.", e);
        }

        Interlocked.Exchange(ref _succeededAt, clock.GetTimestamp());
    }

    /// <returns>The current key-encryption key.</returns>
    private async ValueTask<string> WrapAsync(CancellationToken cancellationToken)
    {
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        var unwrapped = new byte[KeyBytes];
        var wrapped = await management.WrapAsync(ProbeId, key, cancellationToken).ConfigureAwait(false);
        await management.UnwrapAsync(ProbeId, wrapped, unwrapped, cancellationToken).ConfigureAwait(false);
        return CryptographicOperations.FixedTimeEquals(key, unwrapped)
            ? wrapped.KeyEncryptionKeyId
            : throw new KeyManagementException("The key management unwraps another key than it has wrapped.");
    }

    /// <summary>Unwraps one of the first stored keys that are not wrapped with a key-encryption key.</summary>
    private async ValueTask UnwrapAnyAsync(string keyEncryptionKeyId, CancellationToken cancellationToken)
    {
        KeyManagementException? error = null;
        var destination = new byte[KeyBytes];
        foreach (var entry in await store!.ListNotWrappedByAsync(keyEncryptionKeyId, null, Samples, cancellationToken)
            .ConfigureAwait(false))
        {
            try
            {
                await management.UnwrapAsync(entry.Id, entry.Key, destination, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (KeyManagementException e) when (e.IsPermanent)
            {
                error = e;
            }
            finally
            {
                CryptographicOperations.ZeroMemory(destination);
            }
        }

        if (error is not null)
        {
            throw new KeyManagementException($"The key management cannot unwrap the keys that are stored. {error.Message}", error);
        }
    }
}
