namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>A part of each sweep over the sessions; decides by itself whether it is due. Any number of processes may run it.</summary>
internal interface ISweep
{
    /// <summary>Does its work when it is due.</summary>
    /// <returns>How much was deleted.</returns>
    ValueTask<int> RunAsync(CancellationToken cancellationToken);
}
