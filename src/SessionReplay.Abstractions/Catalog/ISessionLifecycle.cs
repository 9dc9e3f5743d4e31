namespace SessionReplay.Catalog;

/// <summary>
/// Moves sessions through their life: live, ended, compacted, deleted. Safe with many processes. Every member throws
/// <see cref="CatalogUnavailableException"/> when the catalog cannot be reached.
/// </summary>
public interface ISessionLifecycle
{
    /// <summary>Ends live sessions.</summary>
    /// <param name="idleSince">Ends those whose last batch was received before this.</param>
    /// <param name="startedBefore">Ends those that began before this.</param>
    /// <param name="now">The time noted as the end.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many were ended.</returns>
    ValueTask<int> EndSessionsAsync(
        DateTimeOffset idleSince, DateTimeOffset startedBefore, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Claims sessions of which chunks are to be written to an object, for this process alone until the claim runs out: those that have
    /// ended and have no recording object yet, and those of which the catalog holds more than it should. Each claim of a session gets the
    /// next number.
    /// </summary>
    /// <param name="limit">The greatest number, from 1 to 100.</param>
    /// <param name="limits">Beyond which a session is claimed before it ends, and once more after it was compacted.</param>
    /// <param name="now">The time; claims that ran out before it are free again.</param>
    /// <param name="claimUntil">When the claim runs out.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The claims.</returns>
    ValueTask<IReadOnlyList<CompactionClaim>> ClaimForCompactionAsync(
        int limit, HoldingLimits limits, DateTimeOffset now, DateTimeOffset claimUntil, CancellationToken cancellationToken);

    /// <summary>Sets when a claim runs out. A claim that ran out and that nobody has taken over since is held again.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="claimUntil">When the claim runs out; a time that has passed gives the session back.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether the claim is still held; <see langword="false"/> when another took over or the session's deletion was begun,
    /// and nothing was written.</returns>
    ValueTask<bool> RenewClaimAsync(CompactionClaim claim, DateTimeOffset claimUntil, CancellationToken cancellationToken);

    /// <summary>
    /// Notes that chunks lie in an object now, lets go of their bytes, and ends the claim. Chunks that arrive during this stay where they
    /// are. A session has one recording object for good: what arrives later is written to objects of its own, so that no reader's range
    /// ever changes.
    /// </summary>
    /// <param name="claim">The claim under which the object was made.</param>
    /// <param name="written">The object and what it holds.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The objects of the session that are to be deleted now, also when it was noted by a call before; <see langword="null"/> when
    /// another took over or the deletion of the session was begun, and this call wrote nothing; an earlier one with the same values may
    /// have.</returns>
    ValueTask<IReadOnlyList<string>?> CompleteCompactionAsync(
        CompactionClaim claim, CompactedObject written, CancellationToken cancellationToken);

    /// <summary>Gives the room of bytes that have left the catalog back to the disk, as far as that is worth its cost.</summary>
    /// <param name="cancellationToken">Ends the work; what was given back stays so.</param>
    /// <returns>A task that ends when it is done.</returns>
    ValueTask ReclaimSpaceAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Lists objects that <see cref="CompleteCompactionAsync"/> noted and nobody has deleted yet. They are forgotten with their session
    /// too.
    /// </summary>
    /// <param name="after">Lists what comes behind this; <see langword="null"/> begins.</param>
    /// <param name="limit">The greatest number, from 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The objects in an order that does not change, those of a session together.</returns>
    ValueTask<IReadOnlyList<ReplacedObject>> ListReplacedAsync(ReplacedObject? after, int limit, CancellationToken cancellationToken);

    /// <summary>Forgets objects that were deleted.</summary>
    /// <param name="session">The session.</param>
    /// <param name="keys">The objects; those that were not noted are passed over.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when they are forgotten.</returns>
    ValueTask ForgetReplacedAsync(SessionRef session, IReadOnlyCollection<string> keys, CancellationToken cancellationToken);

    /// <summary>Lists sessions whose last batch was received before a time and whose deletion was not begun, for retention.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="receivedBefore">The time.</param>
    /// <param name="limit">The greatest number, from 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The sessions, oldest first.</returns>
    ValueTask<IReadOnlyList<SessionRow>> ListExpiredAsync(
        TenantId tenant, DateTimeOffset receivedBefore, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Counts sessions whose last batch was received before a time, and all sessions of the tenant; those whose deletion was begun are in
    /// neither.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="receivedBefore">The time.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Both numbers.</returns>
    ValueTask<(long Expired, long All)> CountExpiredAsync(
        TenantId tenant, DateTimeOffset receivedBefore, CancellationToken cancellationToken);

    /// <summary>Lists sessions whose deletion was begun and is not finished.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="after">Lists what comes behind this; <see langword="null"/> begins.</param>
    /// <param name="limit">The greatest number, from 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The sessions in the order of their ids.</returns>
    ValueTask<IReadOnlyList<SessionRow>> ListDeletingAsync(
        TenantId tenant, SessionId? after, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Begins the deletion of a session: leaves a tombstone, so that no chunk of it is recorded any more, lets no claim of it hold, hides
    /// it from <see cref="ICatalogReader"/>, and has <see cref="ListDeletingAsync"/> name it, so that a sweep finishes what a crash or an
    /// outage interrupts. The session need not exist.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="now">The time noted in the tombstone.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The session, or <see langword="null"/> when there is none, when the tombstone is durable.</returns>
    ValueTask<SessionRow?> BeginDeletionAsync(SessionRef session, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Reads what the catalog knows of the time, before much is deleted by it.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The times.</returns>
    ValueTask<CatalogClock> ReadClockAsync(TenantId tenant, CancellationToken cancellationToken);

    /// <summary>Lists the tenants that have sessions or assets.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The tenants, each once.</returns>
    ValueTask<IReadOnlyList<TenantId>> ListTenantsAsync(CancellationToken cancellationToken);

    /// <summary>Removes tombstones of sessions that were deleted long ago and of which nothing is left.</summary>
    /// <param name="deletedBefore">Removes those of sessions whose deletion was begun before this.</param>
    /// <param name="limit">The greatest number, from 1 to 10,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many were removed.</returns>
    ValueTask<int> RemoveTombstonesAsync(DateTimeOffset deletedBefore, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes a session's rows and leaves a tombstone, so that chunks still in the queue cannot bring it back. The session need not
    /// exist.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="now">The time noted in the tombstone.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when the deletion is durable.</returns>
    ValueTask DeleteSessionAsync(SessionRef session, DateTimeOffset now, CancellationToken cancellationToken);
}
