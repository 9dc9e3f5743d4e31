using SessionReplay.FaultTests.Hosts;
using SessionReplay.FaultTests.Queues;
using SessionReplay.FaultTests.Stores;

namespace SessionReplay.FaultTests.Cases;

/// <summary>The installation of a store, over the embedded queue.</summary>
public abstract class CompactionFixture(Func<StoreUnderTest> create)
    : InstallationFixture(() => Installation.StartAsync(new SqliteUnderTest(), create()));
