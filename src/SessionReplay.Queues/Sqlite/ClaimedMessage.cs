namespace SessionReplay.Queues;

/// <summary>A message that the writer has leased to a receiver.</summary>
/// <param name="Sequence">Its row.</param>
/// <param name="Lease">The lease; a settlement must name it, so that a lease that was lost settles nothing.</param>
/// <param name="Id">The id given at publishing.</param>
/// <param name="Attempt">How often it has been delivered.</param>
/// <param name="Buffer">A rented array that holds the body.</param>
/// <param name="Bytes">The size of the body.</param>
internal readonly record struct ClaimedMessage(long Sequence, long Lease, string Id, int Attempt, byte[] Buffer, int Bytes);
