using SessionReplay.FaultTests.Hosts;
using SessionReplay.FaultTests.Queues;

namespace SessionReplay.FaultTests.Cases;

/// <summary>The installation of a queue.</summary>
public abstract class QueueFixture(Func<QueueUnderTest> create) : InstallationFixture(() => Installation.StartAsync(create()));
