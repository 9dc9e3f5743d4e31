using SessionReplay.FaultTests.Stores;

namespace SessionReplay.FaultTests.Cases;

/// <summary>The store of one adapter.</summary>
public sealed class StoreFixtureOf<TStore>() : StoreFixture(static () => new TStore())
    where TStore : StoreUnderTest, new();
