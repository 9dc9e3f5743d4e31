namespace SessionReplay.LoadGenerator;

/// <summary>What the playback API tells of a session: its own counts, and the batches it lists.</summary>
internal sealed record SessionManifest(long Chunks, long Events, IReadOnlyList<BatchName> Batches)
{
    public static SessionManifest Empty { get; } = new(0, 0, []);
}
