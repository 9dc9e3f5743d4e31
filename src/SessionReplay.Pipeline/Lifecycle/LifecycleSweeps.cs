namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>All sweeps, in their order.</summary>
internal sealed class LifecycleSweeps(
    SessionEndSweep ending, RetentionSweep retention, CompactionSweep compaction, IEnumerable<ISweep> others)
{
    public async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        await ending.RunAsync(cancellationToken).ConfigureAwait(false);
        // Before the compaction: what is to be deleted need not be compacted, and keys are destroyed also while compaction must wait for
        // the store.
        await retention.RunAsync(cancellationToken).ConfigureAwait(false);
        await compaction.RunAsync(cancellationToken).ConfigureAwait(false);
        foreach (var sweep in others)
        {
            await sweep.RunAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
