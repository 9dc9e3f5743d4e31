using SessionReplay.FaultTests.Cases;
using SessionReplay.LoadGenerator;
using Xunit.Abstractions;

namespace SessionReplay.FaultTests.Stores;

/// <summary>
/// A server that breaks by itself is found beside the proxies and restarted; a case that fails for another reason is not repeated.
/// </summary>
public sealed class StoreUnderTestTests(ITestOutputHelper output) : FaultCase(output)
{
    [SkippableFact]
    [Trait("Takes", "Long")]
    public async Task WithStore_ServerHangs_RestartsItAndRepeatsTheCase()
    {
        await using var store = new AzuriteUnderTest();
        await store.StartAsync();
        var runs = 0;

        await WithStoreAsync(store, "server hangs", async () =>
        {
            if (++runs == 1)
            {
                await store.FreezeAsync();
                throw new LoadException("No progress.");
            }

            Assert.True(await store.AnswersAsync());
        });

        Assert.Equal(2, runs);
    }

    [SkippableFact]
    public async Task WithStore_ServerAnswers_TheFailureStands()
    {
        await using var store = new AzuriteUnderTest();
        await store.StartAsync();
        var runs = 0;

        await Assert.ThrowsAsync<LoadException>(() => WithStoreAsync(store, "server answers", () =>
        {
            runs++;
            throw new LoadException("A defect.");
        }));

        Assert.Equal(1, runs);
    }
}
