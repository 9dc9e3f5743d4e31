namespace SessionReplay.Keys;

/// <summary>Keeps wrapped data keys, apart from the recordings and the catalog.</summary>
/// <remarks>
/// Every member throws <see cref="KeyStoreUnavailableException"/> when the store cannot be reached; the call may be made again.
/// </remarks>
public interface IKeyStore
{
    /// <summary>Finds a key.</summary>
    /// <param name="id">The key's name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The entry, or <see langword="null"/> when there never was one.</returns>
    /// <exception cref="KeyDeletedException">The key was deleted.</exception>
    ValueTask<DataKeyEntry?> FindAsync(DataKeyId id, CancellationToken cancellationToken);

    /// <summary>Finds many keys with one query.</summary>
    /// <param name="ids">The keys' names, at most 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The entries that are there; a key that was deleted, or never was, is left out.</returns>
    ValueTask<IReadOnlyDictionary<DataKeyId, DataKeyEntry>> FindManyAsync(
        IReadOnlyCollection<DataKeyId> ids, CancellationToken cancellationToken);

    /// <summary>
    /// Adds a key unless there is one: atomic over all processes, so that all callers get the same entry, with the secret's hash of the
    /// first.
    /// </summary>
    /// <param name="candidate">The entry to add.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The entry that is in the store now, durable.</returns>
    /// <exception cref="KeyDeletedException">The key was deleted; it can not be made again.</exception>
    ValueTask<DataKeyEntry> GetOrAddAsync(DataKeyEntry candidate, CancellationToken cancellationToken);

    /// <summary>Deletes a key and leaves a tombstone (its name and the time), also when there was none.</summary>
    /// <param name="id">The key's name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when the deletion is durable.</returns>
    ValueTask DeleteAsync(DataKeyId id, CancellationToken cancellationToken);
}
