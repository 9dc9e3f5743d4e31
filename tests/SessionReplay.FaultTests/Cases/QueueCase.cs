using SessionReplay.FaultTests.Hosts;
using SessionReplay.FaultTests.Proxy;
using Xunit.Abstractions;

namespace SessionReplay.FaultTests.Cases;

/// <summary>What the cases of a queue have in common: a worker is caught with batches that it has taken and not recorded.</summary>
public abstract class QueueCase(ITestOutputHelper output) : FaultCase(output)
{
    /// <summary>What the first line of a request has that records a group of chunks.</summary>
    private protected const string Record = "record_chunk";

    /// <summary>Holds back the next group that the worker records: the catalog does not hear of it until the hold ends.</summary>
    private protected static async Task HoldBeforeRecordAsync(Worker worker)
    {
        var struck = worker.Catalog.Struck;
        worker.Catalog.Fault = Fault.Held.On(Record);
        await WaitUntilAsync(() => worker.Catalog.Struck > struck, "a group of chunks that is not recorded yet");
    }
}
