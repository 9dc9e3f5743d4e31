using SessionReplay.ScaleOutProof;
using Xunit.Abstractions;

namespace SessionReplay.ScaleOut.Tests;

public sealed class ProofTests(ITestOutputHelper output)
{
    /// <summary>What samples/ScaleOut/prove.sh does, with fewer visitors and in less time.</summary>
    [SkippableFact]
    public async Task Run_OneProcessOfEachRoleKilled_EveryAcknowledgedBatchIsRecordedOnce()
    {
        var options = new ProofOptions { Visitors = 20, Duration = TimeSpan.FromSeconds(20), Pace = TimeSpan.FromSeconds(1) };

        var result = await new Proof(options, output.WriteLine).RunAsync(CancellationToken.None);

        Assert.True(result.Holds, result.ToString());
        // After each of three kills as many were waited for as there are visitors.
        Assert.True(result.Arrived.Acknowledged >= 60, result.ToString());
    }
}
