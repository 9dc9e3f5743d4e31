namespace SessionReplay.Catalog;

/// <summary>
/// Implemented by a catalog whose sessions can be moved to another catalog, and that takes those of another.
/// What is sealed is moved as it is.
/// Every member throws <see cref="CatalogUnavailableException"/> when the catalog cannot be reached.
/// </summary>
/// <remarks>
/// Sessions are in the order of the bytes of their tenant, then of their id, in every catalog: two listings can be compared side by side.
/// </remarks>
public interface ICatalogTransfer
{
    /// <summary>Lists the sessions of all tenants, without those whose deletion was begun.</summary>
    /// <param name="after">Lists what comes behind this; <see langword="null"/> begins.</param>
    /// <param name="limit">The greatest number, from 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The sessions without their terms and custom events. A row that cannot be read is
    /// <see cref="SessionRow.IsDamaged"/>.</returns>
    ValueTask<IReadOnlyList<SessionRow>> ListSessionsAsync(SessionRef? after, int limit, CancellationToken cancellationToken);

    /// <summary>Lists what a session is found by.</summary>
    /// <param name="session">The session.</param>
    /// <param name="after">Lists the indexes behind this one; empty begins.</param>
    /// <param name="limit">The greatest number, from 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The blind indexes in order; <see cref="SealedName.Sealed"/> is empty for those that are not of a custom event.</returns>
    ValueTask<IReadOnlyList<SealedName>> ListTermsAsync(
        SessionRef session, ReadOnlyMemory<byte> after, int limit, CancellationToken cancellationToken);

    /// <summary>Lists tombstones.</summary>
    /// <param name="after">Lists what comes behind this; <see langword="null"/> begins.</param>
    /// <param name="limit">The greatest number, from 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The tombstones.</returns>
    ValueTask<IReadOnlyList<DeletedSession>> ListDeletedAsync(SessionRef? after, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Writes some of a session that comes from another catalog, in one transaction: rows that are there take the values given here.
    /// Until the last transfer is written, a new session has no chunks by its row, so that it differs from the session it is a copy of.
    /// </summary>
    /// <param name="session">The session's row.</param>
    /// <param name="transfer">What to write.</param>
    /// <param name="cancellationToken">Ends the wait; the transfer may have been written all the same.</param>
    /// <returns>Whether it was written; <see langword="false"/> when the session is deleted in this catalog.</returns>
    ValueTask<bool> WriteAsync(SessionRow session, SessionTransfer transfer, CancellationToken cancellationToken);
}
