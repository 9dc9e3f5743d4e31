namespace SessionReplay.Keys;

/// <summary>Gives the ciphers of sessions; makes a session's key at its first batch.</summary>
public interface ISessionCipherProvider
{
    /// <summary>Gets the cipher to seal with. Makes and stores the session's key if there is none (atomic over all processes).</summary>
    /// <param name="session">The session.</param>
    /// <param name="secret">The session's secret; the first one is kept with the key.</param>
    /// <param name="admit">Called when the session has no key yet, before one is made; what it throws is thrown to all who wait for the
    /// key, and none is made.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The cipher; dispose it after use, so that its key can leave the memory.</returns>
    /// <exception cref="KeyDeletedException">The session was deleted.</exception>
    /// <exception cref="SessionSecretException">The session began with another secret.</exception>
    /// <exception cref="KeyStoreUnavailableException">The key store cannot be reached.</exception>
    /// <exception cref="KeyManagementException">The key cannot be wrapped or unwrapped.</exception>
    ValueTask<ISessionCipher> GetOrCreateAsync(
        SessionRef session, SessionSecret secret, Func<ValueTask> admit, CancellationToken cancellationToken);

    /// <summary>Gets the cipher to open with.</summary>
    /// <param name="session">The session.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The cipher; dispose it after use.</returns>
    /// <exception cref="KeyDeletedException">The session was deleted, or never had a key.</exception>
    /// <exception cref="KeyStoreUnavailableException">The key store cannot be reached.</exception>
    /// <exception cref="KeyManagementException">The key cannot be unwrapped.</exception>
    ValueTask<ISessionCipher> GetAsync(SessionRef session, CancellationToken cancellationToken);

    /// <summary>
    /// Opens the facts keys of sessions: one query of the key store, and no call of the key management once the tenant's metadata key is
    /// cached.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="sessions">Its sessions, at most 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The protectors; dispose them after use. They are not cached, so a deletion shows at once.</returns>
    /// <exception cref="KeyStoreUnavailableException">The key store cannot be reached.</exception>
    /// <exception cref="KeyManagementException">The tenant's metadata key cannot be unwrapped.</exception>
    ValueTask<IFieldProtectors> OpenFieldsAsync(
        TenantId tenant, IReadOnlyCollection<SessionId> sessions, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes the session's keys (crypto-shredding) and forgets it in this process at once; other processes forget it within seconds.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when the deletion is durable.</returns>
    /// <exception cref="KeyStoreUnavailableException">The key store cannot be reached.</exception>
    ValueTask DeleteAsync(SessionRef session, CancellationToken cancellationToken);
}
