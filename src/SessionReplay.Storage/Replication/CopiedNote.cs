namespace SessionReplay.Storage.Replication;

/// <summary>A note whose objects have been copied, to be looked at once more before it is removed.</summary>
/// <param name="At">When they were copied (a time stamp of the clock).</param>
/// <param name="Copied">The objects as the source held them.</param>
internal sealed record CopiedNote(long At, IReadOnlyList<BlobInfo> Copied);
