using SessionReplay.FaultTests.Queues;
using Xunit.Abstractions;

// One line for each adapter. What becomes of a dead worker's messages is decided by the embedded queue's and Kafka's own code, which run
// every time, and by the server of the others, which run with ./test.sh --long.
namespace SessionReplay.FaultTests.Cases;

public sealed class KafkaCrashTests(QueueFixtureOf<KafkaUnderTest> fixture, ITestOutputHelper output)
    : WorkerCrashCases(fixture, output), IClassFixture<QueueFixtureOf<KafkaUnderTest>>;

public sealed class SqliteCrashTests(QueueFixtureOf<SqliteUnderTest> fixture, ITestOutputHelper output)
    : WorkerCrashCases(fixture, output), IClassFixture<QueueFixtureOf<SqliteUnderTest>>;

[Trait("Takes", "Long")]
public sealed class AzureServiceBusCrashTests(QueueFixtureOf<AzureServiceBusUnderTest> fixture, ITestOutputHelper output)
    : WorkerCrashCases(fixture, output), IClassFixture<QueueFixtureOf<AzureServiceBusUnderTest>>;

[Trait("Takes", "Long")]
public sealed class NatsCrashTests(QueueFixtureOf<NatsUnderTest> fixture, ITestOutputHelper output)
    : WorkerCrashCases(fixture, output), IClassFixture<QueueFixtureOf<NatsUnderTest>>;

[Trait("Takes", "Long")]
public sealed class RabbitMqCrashTests(QueueFixtureOf<RabbitMqUnderTest> fixture, ITestOutputHelper output)
    : WorkerCrashCases(fixture, output), IClassFixture<QueueFixtureOf<RabbitMqUnderTest>>;

[Trait("Takes", "Long")]
public sealed class SqsCrashTests(QueueFixtureOf<SqsUnderTest> fixture, ITestOutputHelper output)
    : WorkerCrashCases(fixture, output), IClassFixture<QueueFixtureOf<SqsUnderTest>>;
