namespace SessionReplay.Catalog;

/// <summary>Takes what storage workers write. Safe for concurrent use, also by many processes.</summary>
public interface ICatalogWriter
{
    /// <summary>
    /// Records chunks and updates their sessions, all in one transaction. A chunk counts once however often it is recorded.
    /// </summary>
    /// <param name="chunks">The chunks. The bytes of each are given, to be kept in the same transaction, or are durable in the blob
    /// store.</param>
    /// <param name="cancellationToken">Ends the wait; the transaction may have been committed all the same.</param>
    /// <returns>One outcome for each chunk, in order, when the transaction is durable.</returns>
    /// <exception cref="CatalogUnavailableException">The catalog cannot be reached; the call may be made again.</exception>
    /// <exception cref="ValueRefusedException">The catalog can never record one of the chunks, for what it holds; none was recorded.
    /// Connection, resource and lock errors are never this.</exception>
    ValueTask<IReadOnlyList<RecordOutcome>> RecordAsync(IReadOnlyList<ChunkRecord> chunks, CancellationToken cancellationToken);

    /// <summary>Reads how full the catalog is.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The size now and its bound.</returns>
    /// <exception cref="CatalogUnavailableException">The catalog cannot be reached.</exception>
    ValueTask<CatalogSpace> ReadSpaceAsync(CancellationToken cancellationToken);
}
