using SessionReplay.FaultTests.Stores;

namespace SessionReplay.FaultTests.Cases;

/// <summary>The installation of one adapter.</summary>
public sealed class CompactionFixtureOf<TStore>() : CompactionFixture(static () => new TStore())
    where TStore : StoreUnderTest, new();
