namespace SessionReplay.LoadGenerator;

/// <summary>Notices that a wait makes no progress.</summary>
/// <param name="patience">How long progress may stay away.</param>
public sealed class Standstill(TimeSpan patience)
{
    private long _progress = long.MinValue;
    private long _since;

    /// <summary>Whether the progress has stayed the same for too long.</summary>
    /// <param name="progress">Any figure that changes as long as the wait goes on.</param>
    public bool IsReached(long progress)
    {
        if (progress != _progress)
        {
            (_progress, _since) = (progress, TimeProvider.System.GetTimestamp());
        }

        return TimeProvider.System.GetElapsedTime(_since) > patience;
    }
}
