using System.Collections.Concurrent;
using System.Security.Cryptography;
using SessionReplay.Crypto.Rotation;
using SessionReplay.Keys;

namespace SessionReplay.AspNetCore.Operator.Copy;

/// <summary>
/// Copies wrapped keys: as they are where the target's key management can unwrap them, else unwrapped by the source's and
/// wrapped by the target's.
/// </summary>
internal sealed class KeyCopy(CopyEnd source, CopyEnd target, CopyReport report)
{
    private const int KeyBytes = 32;

    private readonly ConcurrentDictionary<string, bool> _shared = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<DataKeyId, bool> _failed = new();
    private readonly HashSet<TenantId> _assetTenants = [];

    /// <summary>The tenants that have assets, after <see cref="CopyAllAsync"/>.</summary>
    public IReadOnlyCollection<TenantId> AssetTenants => _assetTenants;

    /// <exception cref="InvalidOperationException">The target has another key of the same name.</exception>
    public async ValueTask CopyAllAsync(CancellationToken cancellationToken)
    {
        DataKeyId? after = null;
        while (await source.KeyList.ListNotWrappedByAsync(string.Empty, after, SideBySide.PageSize, cancellationToken).ConfigureAwait(false)
            is { Count: > 0 } page)
        {
            var there = await target.Keys.FindManyAsync([.. page.Select(static entry => entry.Id)], cancellationToken)
                .ConfigureAwait(false);
            foreach (var entry in page)
            {
                if (entry.Id.Purpose == DataKeyPurpose.Asset)
                {
                    _assetTenants.Add(entry.Id.Tenant);
                }

                await CopyAsync(entry, there.GetValueOrDefault(entry.Id), cancellationToken).ConfigureAwait(false);
            }

            after = page[^1].Id;
        }
    }

    /// <summary>Copies a key that was made after <see cref="CopyAllAsync"/>, unless the target has it.</summary>
    /// <exception cref="KeyDeletedException">The key was deleted.</exception>
    /// <exception cref="InvalidOperationException">The target has another key of the same name.</exception>
    public async ValueTask CopyAsync(DataKeyId id, CancellationToken cancellationToken)
    {
        var entry = await source.Keys.FindAsync(id, cancellationToken).ConfigureAwait(false) ?? throw new KeyDeletedException(id);
        await CopyAsync(entry, await target.Keys.FindAsync(id, cancellationToken).ConfigureAwait(false), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Copies one key, unless the target has it.</summary>
    /// <param name="entry">The key.</param>
    /// <param name="there">The key of that name at the target.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">The target has another key of the same name.</exception>
    public async ValueTask CopyAsync(DataKeyEntry entry, DataKeyEntry? there, CancellationToken cancellationToken)
    {
        try
        {
            if (there is not null)
            {
                await CheckSameAsync(entry, there, cancellationToken).ConfigureAwait(false);
                return;
            }

            var key = await IsSharedAsync(entry, cancellationToken).ConfigureAwait(false)
                ? entry.Key
                : await WrapAgainAsync(entry, cancellationToken).ConfigureAwait(false);
            var kept = await target.Keys.GetOrAddAsync(entry with { Key = key }, cancellationToken).ConfigureAwait(false);
            await CheckSameAsync(entry with { Key = key }, kept, cancellationToken).ConfigureAwait(false);
            report.CopiedKey();
        }
        catch (KeyDeletedException)
        {
            // Deleted at the target: a copy never brings a session back.
        }
        catch (KeyManagementException e) when (e.IsPermanent)
        {
            Fail(entry.Id, e.Message);
        }
    }

    /// <exception cref="InvalidOperationException">So many fail that most likely the key ring, and not the keys, is the wrong
    /// one.</exception>
    private void Fail(DataKeyId id, string reason)
    {
        if (_failed.TryAdd(id, true))
        {
            report.Failed($"the key {id}", reason);
        }

        if (_failed.Count >= KeyRotation.MaxFailed)
        {
            throw new InvalidOperationException(
                $"{KeyRotation.MaxFailed} keys could not be copied: are these the right key rings? {reason}");
        }
    }

    /// <summary>
    /// The key of a session never changes, and its sealed facts key distinguishes it from all others however it is wrapped; a tenant's keys
    /// are compared themselves.
    /// </summary>
    private async ValueTask CheckSameAsync(DataKeyEntry entry, DataKeyEntry there, CancellationToken cancellationToken)
    {
        var same = entry.CreatedAt == there.CreatedAt && entry.SecretHash.Span.SequenceEqual(there.SecretHash.Span)
            && entry.SealedFactsKey.Span.SequenceEqual(there.SealedFactsKey.Span)
            && (!entry.SealedFactsKey.IsEmpty || entry.Key.Ciphertext.Span.SequenceEqual(there.Key.Ciphertext.Span)
                || await UnwrapToSameAsync(entry.Id, entry.Key, there.Key, cancellationToken).ConfigureAwait(false));
        if (!same)
        {
            throw new InvalidOperationException(
                $"The target has another key of the name {entry.Id}. "
                + "Copy to a configuration that has recorded nothing itself: empty, or a copy of this one.");
        }
    }

    /// <summary>Whether the target unwraps what the source has wrapped with a key-encryption key: asked once for each.</summary>
    private async ValueTask<bool> IsSharedAsync(DataKeyEntry entry, CancellationToken cancellationToken)
    {
        if (!_shared.TryGetValue(entry.Key.KeyEncryptionKeyId, out var shared))
        {
            try
            {
                shared = await UnwrapToSameAsync(entry.Id, entry.Key, entry.Key, cancellationToken).ConfigureAwait(false);
            }
            catch (KeyManagementException e) when (e.IsPermanent)
            {
                shared = false;
            }

            _shared.TryAdd(entry.Key.KeyEncryptionKeyId, shared);
        }

        return shared;
    }

    private async ValueTask<bool> UnwrapToSameAsync(
        DataKeyId id, WrappedKey atSource, WrappedKey atTarget, CancellationToken cancellationToken)
    {
        var (here, there) = (new byte[KeyBytes], new byte[KeyBytes]);
        try
        {
            await source.Management.UnwrapAsync(id, atSource, here, cancellationToken).ConfigureAwait(false);
            await target.Management.UnwrapAsync(id, atTarget, there, cancellationToken).ConfigureAwait(false);
            return CryptographicOperations.FixedTimeEquals(here, there);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(here);
            CryptographicOperations.ZeroMemory(there);
        }
    }

    private async ValueTask<WrappedKey> WrapAgainAsync(DataKeyEntry entry, CancellationToken cancellationToken)
    {
        var key = new byte[KeyBytes];
        try
        {
            await source.Management.UnwrapAsync(entry.Id, entry.Key, key, cancellationToken).ConfigureAwait(false);
            var wrapped = await target.Management.WrapAsync(entry.Id, key, cancellationToken).ConfigureAwait(false);
            return await UnwrapToSameAsync(entry.Id, entry.Key, wrapped, cancellationToken).ConfigureAwait(false)
                ? wrapped
                : throw new KeyManagementException($"The target's key management unwraps another key than it has wrapped for {entry.Id}.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
