using SessionReplay.Keys;

namespace SessionReplay.Crypto.Ciphers;

/// <summary>Finds or makes data keys and gives ciphers of them.</summary>
internal sealed class CipherProvider(IKeyStore store, IKeyManagementService management, CipherCache cache, TimeProvider clock)
    : ISessionCipherProvider, ITenantCipherProvider
{
    public async ValueTask<ISessionCipher> GetOrCreateAsync(SessionRef session, SessionSecret secret, CancellationToken cancellationToken)
    {
        var cipher = new SessionCipherLease(await HoldAsync(
            DataKeyId.OfSession(session), secret.Hash, (entry, key) => CreateSessionCipher(session, entry, key), cancellationToken).ConfigureAwait(false));
        if (cipher.HasSecret(secret))
        {
            return cipher;
        }

        cipher.Dispose();
        throw new SessionSecretException(session);
    }

    public async ValueTask<ISessionCipher> GetAsync(SessionRef session, CancellationToken cancellationToken)
    {
        var id = DataKeyId.OfSession(session);
        // Looked up first when it is not cached: a load that finds no key must not fail one that is about to make it.
        var entry = cache.Contains(id) ? null : await store.FindAsync(id, cancellationToken).ConfigureAwait(false) ?? throw new KeyDeletedException(id);
        return new SessionCipherLease(await cache.HoldAsync(
            id, () => FindAsync(id, entry, (found, key) => CreateSessionCipher(session, found, key)), cancellationToken).ConfigureAwait(false));
    }

    public async ValueTask DeleteAsync(SessionRef session, CancellationToken cancellationToken)
    {
        var id = DataKeyId.OfSession(session);
        await store.DeleteAsync(id, cancellationToken).ConfigureAwait(false);
        cache.Remove(id);
    }

    public async ValueTask<IFieldProtector> GetFieldProtectorAsync(TenantId tenant, CancellationToken cancellationToken) =>
        new FieldProtectorLease(await HoldAsync(
            new(tenant, DataKeyPurpose.Metadata, Guid.Empty), default, (_, key) => new FieldProtector(tenant, key.Span), cancellationToken).ConfigureAwait(false));

    public async ValueTask<IAssetCipher> GetAssetCipherAsync(TenantId tenant, CancellationToken cancellationToken) =>
        new AssetCipherLease(await HoldAsync(
            new(tenant, DataKeyPurpose.Asset, Guid.Empty), default, (_, key) => new AssetCipher(tenant, key.Span), cancellationToken).ConfigureAwait(false));

    private static SessionCipher CreateSessionCipher(SessionRef session, DataKeyEntry entry, KeyMaterial key) =>
        new(session, entry.CreatedAt.ToUnixTimeMilliseconds(), entry.SecretHash, key.Span);

    private async ValueTask<CipherCacheEntry> HoldAsync(
        DataKeyId id, ReadOnlyMemory<byte> secretHash, Func<DataKeyEntry, KeyMaterial, IDisposable> create, CancellationToken cancellationToken) =>
        await cache.HoldAsync(id, () => GetOrAddAsync(id, secretHash, create), cancellationToken).ConfigureAwait(false);

    private async Task<IDisposable> FindAsync(DataKeyId id, DataKeyEntry? entry, Func<DataKeyEntry, KeyMaterial, IDisposable> create) => await UnwrapAsync(
        entry ?? await store.FindAsync(id, CancellationToken.None).ConfigureAwait(false) ?? throw new KeyDeletedException(id), create).ConfigureAwait(false);

    /// <summary>Shared by all who wait for the key, so it is not cancelled by one of them; the store's and the service's own time-outs bound it.</summary>
    private async Task<IDisposable> GetOrAddAsync(DataKeyId id, ReadOnlyMemory<byte> secretHash, Func<DataKeyEntry, KeyMaterial, IDisposable> create)
    {
        var entry = await store.FindAsync(id, CancellationToken.None).ConfigureAwait(false);
        if (entry is not null)
        {
            return await UnwrapAsync(entry, create).ConfigureAwait(false);
        }

        using var key = KeyMaterial.CreateRandom();
        var wrapped = await management.WrapAsync(id, key.Memory, CancellationToken.None).ConfigureAwait(false);
        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
        var candidate = new DataKeyEntry(id, wrapped, now) { SecretHash = secretHash };
        entry = await store.GetOrAddAsync(candidate, CancellationToken.None).ConfigureAwait(false);
        return entry.Key.Ciphertext.Span.SequenceEqual(wrapped.Ciphertext.Span)
            ? create(entry, key)
            : await UnwrapAsync(entry, create).ConfigureAwait(false);
    }

    private async Task<IDisposable> UnwrapAsync(DataKeyEntry entry, Func<DataKeyEntry, KeyMaterial, IDisposable> create)
    {
        using var key = new KeyMaterial();
        await management.UnwrapAsync(entry.Id, entry.Key, key.Memory, CancellationToken.None).ConfigureAwait(false);
        return create(entry, key);
    }
}
