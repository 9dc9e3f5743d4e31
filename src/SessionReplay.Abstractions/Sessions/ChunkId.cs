namespace SessionReplay;

/// <summary>
/// Names a batch and the chunk made of it, for ever: ingest, queue, worker and compaction are idempotent on it.
/// </summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Session">The session.</param>
/// <param name="Window">The window.</param>
/// <param name="Seq">The batch's number in its window, from 0.</param>
public readonly record struct ChunkId(TenantId Tenant, SessionId Session, WindowId Window, uint Seq)
{
    /// <summary>Gets the session.</summary>
    public SessionRef SessionRef => new(Tenant, Session);

    /// <inheritdoc/>
    public override string ToString() => $"{Tenant}/{Session}/{Window}/{Seq}";
}
