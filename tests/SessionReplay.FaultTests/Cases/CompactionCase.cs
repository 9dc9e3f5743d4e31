using SessionReplay.FaultTests.Hosts;
using SessionReplay.LoadGenerator;
using Xunit.Abstractions;

namespace SessionReplay.FaultTests.Cases;

/// <summary>
/// What the cases of compaction have in common: sessions that are whole, and the proof that compaction changes nothing that is played.
/// </summary>
public abstract class CompactionCase(ITestOutputHelper output) : FaultCase(output)
{
    /// <summary>How long a fault lasts at least.</summary>
    protected static readonly TimeSpan Outage = TimeSpan.FromSeconds(3);

    /// <summary>What the keys of recording objects have and those of single chunks have not.</summary>
    private protected const string Recording = "_encrypted";

    /// <summary>
    /// How many visitors send while sessions that have ended are worked on: what they send takes processor time for as long as a case
    /// waits.
    /// </summary>
    private protected const int Others = 3;

    private const int Visitors = 4;

    /// <summary>Lets visitors come, act and leave; a worker that ends no session stores all of it.</summary>
    /// <param name="at">The installation.</param>
    /// <param name="meanwhile">What happens while they act.</param>
    private protected async Task<EndedLoad> EndAsync(Installation at, Func<Load, Task>? meanwhile = null)
    {
        var load = StartLoad(at.Front, Visitors);
        try
        {
            await using var storing = await at.StartWorkerAsync();
            await load.WaitForAcknowledgedAsync(30, Patience);
            await (meanwhile?.Invoke(load) ?? Task.CompletedTask);
            await load.StopAsync(Patience);
            await Verifier(at.Front).WaitForAsync([.. load.Ledger.Acknowledged], Patience);
            Assert.Equal(0, await storing.Process.StopAsync());
            return new(load, await EndedLoad.ReadAsync(Http, at.Front, load.Ledger));
        }
        catch
        {
            load.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Waits until all of the sessions have their recording objects, and shows that every chunk is there once, byte for byte what it was
    /// before.
    /// </summary>
    private protected Task ProveCompactedAsync(Installation at, string name, EndedLoad ended) =>
        ProveCompactedAsync(at, at.Store.Adapter, name, ended);

    private protected async Task ProveCompactedAsync(Installation at, string adapter, string name, EndedLoad ended)
    {
        var left = ended.Sessions.Count;
        await WaitUntilAsync(
            async () => (left = await at.Catalog.CountNotCompactedAsync(ended.Sessions)) == 0,
            "recording objects of all sessions",
            () => string.Join('\n', at.Front.Installation.Select(process => $"--- {process.Roles}:\n{process.Output}")),
            () => left,
            // A claim that nobody gave back runs out after 30 seconds.
            2 * Patience);
        await ProveAsync(adapter, name, at.Front, ended.Load);
        Assert.Equal(ended.Before, await EndedLoad.ReadAsync(Http, at.Front, ended.Load.Ledger));
    }
}
