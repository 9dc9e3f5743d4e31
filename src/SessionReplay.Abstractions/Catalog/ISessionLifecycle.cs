namespace SessionReplay.Catalog;

/// <summary>Moves sessions through their life: live, ended, compacted, deleted. Safe with many processes. Every member throws <see cref="CatalogUnavailableException"/> when the catalog cannot be reached.</summary>
public interface ISessionLifecycle
{
    /// <summary>Ends live sessions.</summary>
    /// <param name="idleSince">Ends those whose last batch was received before this.</param>
    /// <param name="startedBefore">Ends those that began before this.</param>
    /// <param name="now">The time noted as the end.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many were ended.</returns>
    ValueTask<int> EndSessionsAsync(DateTimeOffset idleSince, DateTimeOffset startedBefore, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Claims ended sessions that have no recording object yet, for this process alone until the claim runs out.</summary>
    /// <param name="limit">The greatest number, from 1 to 100.</param>
    /// <param name="now">The time; claims that ran out before it are free again.</param>
    /// <param name="claimUntil">When the claim runs out.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The sessions.</returns>
    ValueTask<IReadOnlyList<SessionRow>> ClaimForCompactionAsync(int limit, DateTimeOffset now, DateTimeOffset claimUntil, CancellationToken cancellationToken);

    /// <summary>Notes that chunks lie in a recording object now. Chunks that came meanwhile, or come later, keep their places in part objects: the session is not compacted again, so that no reader's range ever changes under it.</summary>
    /// <param name="session">The session.</param>
    /// <param name="recordingKey">The recording object.</param>
    /// <param name="moved">Each chunk with its place before and its place now. A chunk whose place is no longer the one before is left alone.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether the session is still there; <see langword="false"/> when it was deleted meanwhile and nothing was written.</returns>
    ValueTask<bool> CompleteCompactionAsync(SessionRef session, string recordingKey, IReadOnlyList<MovedChunk> moved, CancellationToken cancellationToken);

    /// <summary>Lists sessions whose last batch was received before a time, for retention.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="receivedBefore">The time.</param>
    /// <param name="limit">The greatest number, from 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The sessions, oldest first.</returns>
    ValueTask<IReadOnlyList<SessionRow>> ListExpiredAsync(TenantId tenant, DateTimeOffset receivedBefore, int limit, CancellationToken cancellationToken);

    /// <summary>Deletes a session's rows and leaves a tombstone, so that chunks still in the queue cannot bring it back. Also when there is no such session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="now">The time noted in the tombstone.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when the deletion is durable.</returns>
    ValueTask DeleteSessionAsync(SessionRef session, DateTimeOffset now, CancellationToken cancellationToken);
}
