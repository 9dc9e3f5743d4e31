using SessionReplay.FaultTests.Hosts;
using SessionReplay.FaultTests.Proxy;
using Xunit.Abstractions;

namespace SessionReplay.FaultTests.Cases;

/// <summary>What the cases of a queue have in common: a worker is caught between putting an object and recording it.</summary>
public abstract class QueueCase(ITestOutputHelper output) : FaultCase(output)
{
    /// <summary>Holds back what the worker says to the catalog at a time when objects are put and not recorded.</summary>
    /// <returns>These objects.</returns>
    private protected static async Task<HashSet<string>> HoldBetweenPutAndRecordAsync(Installation at, Worker worker)
    {
        var unrecorded = new HashSet<string>();
        await WaitUntilAsync(
            async () =>
            {
                // Only puts that are answered from here on count: an earlier one may have been recorded and be gone again.
                var known = worker.Store.Exchanges.Count;
                await WaitUntilAsync(() => worker.Store.Exchanges.Skip(known).Any(exchange => exchange.IsPut), "a put of the worker");
                worker.Catalog.Fault = Fault.Held;
                // What went through before the hold gets the time to be recorded.
                await Task.Delay(TimeSpan.FromSeconds(1));
                unrecorded = [
                    .. worker.Store.Exchanges.Skip(known).Where(exchange => exchange.IsPut).Select(exchange => exchange.ObjectKey)];
                unrecorded.ExceptWith(await at.Catalog.BlobKeysAsync());
                if (unrecorded.Count == 0)
                {
                    worker.Catalog.Fault = Fault.None;
                }

                return unrecorded.Count > 0;
            },
            "a put that is not recorded");
        return unrecorded;
    }
}
