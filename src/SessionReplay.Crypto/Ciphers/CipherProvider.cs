using SessionReplay.Keys;

namespace SessionReplay.Crypto.Ciphers;

/// <summary>Finds or makes data keys and gives ciphers of them.</summary>
internal sealed class CipherProvider(IKeyStore store, IKeyManagementService management, CipherCache cache, TimeProvider clock)
    : ISessionCipherProvider, ITenantCipherProvider
{
    private readonly KeyCheck _check = new(store);

    public async ValueTask<ISessionCipher> GetOrCreateAsync(
        SessionRef session, SessionSecret secret, Func<ValueTask> admit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(admit);
        var id = DataKeyId.OfSession(session);
        var held = await cache.HoldAsync(id, () => GetOrAddSessionAsync(session, secret, admit), cancellationToken).ConfigureAwait(false);
        var cipher = await HandleAsync(id, held, cancellationToken).ConfigureAwait(false);
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
        var entry = cache.Contains(id)
            ? null
            : await store.FindAsync(id, cancellationToken).ConfigureAwait(false) ?? throw new KeyDeletedException(id);
        var held = await cache.HoldAsync(id, () => FindSessionAsync(session, entry), cancellationToken).ConfigureAwait(false);
        return await HandleAsync(id, held, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IFieldProtectors> OpenFieldsAsync(
        TenantId tenant, IReadOnlyCollection<SessionId> sessions, CancellationToken cancellationToken)
    {
        var entries = await store.FindManyAsync([.. sessions.Select(s => DataKeyId.OfSession(new(tenant, s)))], cancellationToken)
            .ConfigureAwait(false);
        using var indexer = await GetMetadataAsync(tenant, cancellationToken).ConfigureAwait(false);
        return new FieldProtectors(tenant, entries.Values, indexer.Metadata);
    }

    public async ValueTask DeleteAsync(SessionRef session, CancellationToken cancellationToken)
    {
        var id = DataKeyId.OfSession(session);
        await store.DeleteAsync(id, cancellationToken).ConfigureAwait(false);
        cache.Remove(id);
    }

    public async ValueTask<IBlindIndexer> GetBlindIndexerAsync(TenantId tenant, CancellationToken cancellationToken) =>
        await GetMetadataAsync(tenant, cancellationToken).ConfigureAwait(false);

    // Assets are many and each is opened once a view: in the cache they would drive out the keys of sessions.
    public async ValueTask<IAssetCipher> GetOrCreateAssetCipherAsync(TenantId tenant, Guid key, CancellationToken cancellationToken) =>
        (IAssetCipher)await GetOrAddAsync(
            DataKeyId.OfAsset(tenant, key), material => new AssetCipher(tenant, material.Span), cancellationToken).ConfigureAwait(false);

    public async ValueTask<IAssetCipher> GetAssetCipherAsync(TenantId tenant, Guid key, CancellationToken cancellationToken)
    {
        var id = DataKeyId.OfAsset(tenant, key);
        var entry = await store.FindAsync(id, cancellationToken).ConfigureAwait(false) ?? throw new KeyDeletedException(id);
        return (IAssetCipher)await UnwrapAsync(entry, material => new AssetCipher(tenant, material.Span), cancellationToken)
            .ConfigureAwait(false);
    }

    public ValueTask DeleteAssetKeyAsync(TenantId tenant, Guid key, CancellationToken cancellationToken) =>
        store.DeleteAsync(DataKeyId.OfAsset(tenant, key), cancellationToken);

    /// <summary>
    /// Another process may have deleted the session since: what lies in this one's memory is asked for again after a few seconds.
    /// </summary>
    private async ValueTask<SessionCipherHandle> HandleAsync(DataKeyId id, CipherCacheEntry held, CancellationToken cancellationToken)
    {
        if (!cache.IsToBeChecked(held))
        {
            return new(held);
        }

        var now = clock.GetTimestamp();
        try
        {
            if (!await _check.IsThereAsync(id, cancellationToken).ConfigureAwait(false))
            {
                cache.Remove(id);
                throw new KeyDeletedException(id);
            }
        }
        catch (KeyStoreUnavailableException)
        {
            // Nothing is known: sessions whose key is in memory go on, at most for the cache's time.
        }
        catch
        {
            held.Release();
            throw;
        }

        held.CheckedAt = now;
        return new(held);
    }

    private async ValueTask<BlindIndexerHandle> GetMetadataAsync(TenantId tenant, CancellationToken cancellationToken) =>
        new(await HoldAsync(
            new(tenant, DataKeyPurpose.Metadata, Guid.Empty), key => new MetadataCipher(tenant, key.Span), cancellationToken)
            .ConfigureAwait(false));

    private async ValueTask<CipherCacheEntry> HoldAsync(
        DataKeyId id, Func<KeyMaterial, IDisposable> create, CancellationToken cancellationToken) =>
        await cache.HoldAsync(id, () => GetOrAddAsync(id, create, CancellationToken.None), cancellationToken).ConfigureAwait(false);

    private async Task<IDisposable> FindSessionAsync(SessionRef session, DataKeyEntry? entry)
    {
        var id = DataKeyId.OfSession(session);
        return await OpenSessionAsync(
            session,
            entry ?? await store.FindAsync(id, CancellationToken.None).ConfigureAwait(false) ?? throw new KeyDeletedException(id))
            .ConfigureAwait(false);
    }

    // What follows is shared by all who wait for a key, so it is not cancelled by one of them; the store's and the service's own time-outs
    // bound it.
    private async Task<IDisposable> GetOrAddSessionAsync(SessionRef session, SessionSecret secret, Func<ValueTask> admit)
    {
        var id = DataKeyId.OfSession(session);
        if (await store.FindAsync(id, CancellationToken.None).ConfigureAwait(false) is { } found)
        {
            return await OpenSessionAsync(session, found).ConfigureAwait(false);
        }

        await admit().ConfigureAwait(false);
        using var metadata = await GetMetadataAsync(session.Tenant, CancellationToken.None).ConfigureAwait(false);
        using var key = KeyMaterial.CreateRandom();
        using var factsKey = KeyMaterial.CreateRandom();
        var candidate = (await WrapAsync(id, key, CancellationToken.None).ConfigureAwait(false)) with
        {
            SecretHash = secret.Hash,
            SealedFactsKey = metadata.Metadata.WrapFactsKey(session.Session, factsKey.Span),
        };
        var entry = await store.GetOrAddAsync(candidate, CancellationToken.None).ConfigureAwait(false);
        return IsSame(entry, candidate)
            ? new SessionKeys(Cipher(session, entry, key), new FieldProtector(session, factsKey.Span))
            : await OpenSessionAsync(session, entry).ConfigureAwait(false);
    }

    private async Task<IDisposable> OpenSessionAsync(SessionRef session, DataKeyEntry entry)
    {
        using var metadata = await GetMetadataAsync(session.Tenant, CancellationToken.None).ConfigureAwait(false);
        var fields = metadata.Metadata.OpenFactsKey(session.Session, entry.SealedFactsKey);
        try
        {
            return await UnwrapAsync(entry, key => new SessionKeys(Cipher(session, entry, key), fields), CancellationToken.None)
                .ConfigureAwait(false);
        }
        catch
        {
            fields.Dispose();
            throw;
        }
    }

    private static SessionCipher Cipher(SessionRef session, DataKeyEntry entry, KeyMaterial key) =>
        new(session, entry.CreatedAt.ToUnixTimeMilliseconds(), entry.SecretHash, key.Span);

    private async Task<IDisposable> GetOrAddAsync(DataKeyId id, Func<KeyMaterial, IDisposable> create, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } found)
        {
            return await UnwrapAsync(found, create, cancellationToken).ConfigureAwait(false);
        }

        using var key = KeyMaterial.CreateRandom();
        var candidate = await WrapAsync(id, key, cancellationToken).ConfigureAwait(false);
        var entry = await store.GetOrAddAsync(candidate, cancellationToken).ConfigureAwait(false);
        return IsSame(entry, candidate) ? create(key) : await UnwrapAsync(entry, create, cancellationToken).ConfigureAwait(false);
    }

    private static bool IsSame(DataKeyEntry entry, DataKeyEntry candidate) =>
        entry.Key.Ciphertext.Span.SequenceEqual(candidate.Key.Ciphertext.Span);

    private async Task<DataKeyEntry> WrapAsync(DataKeyId id, KeyMaterial key, CancellationToken cancellationToken)
    {
        var wrapped = await management.WrapAsync(id, key.Memory, cancellationToken).ConfigureAwait(false);
        return new(id, wrapped, DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds()));
    }

    private async Task<IDisposable> UnwrapAsync(
        DataKeyEntry entry, Func<KeyMaterial, IDisposable> create, CancellationToken cancellationToken)
    {
        using var key = new KeyMaterial();
        await management.UnwrapAsync(entry.Id, entry.Key, key.Memory, cancellationToken).ConfigureAwait(false);
        return create(key);
    }
}
