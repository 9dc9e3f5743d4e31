using SessionReplay.FaultTests.Hosts;
using SessionReplay.FaultTests.Queues;
using SessionReplay.FaultTests.Stores;

namespace SessionReplay.FaultTests.Cases;

/// <summary>An installation over NATS, whose limit makes ingest put what is large into objects: a compaction replaces them.</summary>
public sealed class CompactingWorkerFixture()
    : InstallationFixture(static () => Installation.StartAsync(new NatsUnderTest(), new S3rverUnderTest()));
