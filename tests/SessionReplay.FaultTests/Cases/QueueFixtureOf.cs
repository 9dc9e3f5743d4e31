using SessionReplay.FaultTests.Queues;

namespace SessionReplay.FaultTests.Cases;

/// <summary>The installation of one adapter.</summary>
public sealed class QueueFixtureOf<TQueue>() : QueueFixture(static () => new TQueue())
    where TQueue : QueueUnderTest, new();
