namespace SessionReplay.ScaleOutProof;

/// <summary>How large the proof is.</summary>
public sealed record ProofOptions
{
    /// <summary>How many visitors act at the same time.</summary>
    public int Visitors { get; init; } = 200;

    /// <summary>For how long they act at least; killing and restarting may take longer on a slow machine.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The mean time between two batches of a visitor.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Whether the recordings go into s3rver and not into Ceph.</summary>
    public bool LightStore { get; init; }

    /// <summary>How long the workers may take for what is left in the queue, and then for the recordings of all sessions.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(5);
}
