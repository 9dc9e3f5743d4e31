using SessionReplay.LoadGenerator;

namespace SessionReplay.ScaleOutProof;

/// <summary>What the proof found.</summary>
/// <param name="Arrived">All batches, as read through playback after the load, most of them from the catalog.</param>
/// <param name="Compacted">All batches again, when every session has its recording object.</param>
/// <param name="Queue">What <c>session-replay queue</c> printed at the end.</param>
/// <param name="GracefulExitCodes">How the processes ended that were asked to.</param>
/// <param name="OwnFiles">How many files the processes keep for themselves.</param>
public sealed record ProofResult(
    Verification Arrived, Verification Compacted, string Queue, IReadOnlyList<int> GracefulExitCodes, int OwnFiles)
{
    public bool Holds =>
        Arrived.Holds && Compacted.Holds && Compacted.Found == Arrived.Found && GracefulExitCodes.All(code => code == 0) && OwnFiles == 0
        && Queue.StartsWith("0 ready, 0 in flight, 0 dead letters", StringComparison.Ordinal);
}
