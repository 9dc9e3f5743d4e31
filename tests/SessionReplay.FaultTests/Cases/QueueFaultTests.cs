using SessionReplay.FaultTests.Queues;
using Xunit.Abstractions;

// One line for each adapter.
namespace SessionReplay.FaultTests.Cases;

public sealed class AzureServiceBusFaultTests(QueueFixtureOf<AzureServiceBusUnderTest> fixture, ITestOutputHelper output)
    : QueueFaultCases(fixture, output), IClassFixture<QueueFixtureOf<AzureServiceBusUnderTest>>;

public sealed class KafkaFaultTests(QueueFixtureOf<KafkaUnderTest> fixture, ITestOutputHelper output)
    : QueueFaultCases(fixture, output), IClassFixture<QueueFixtureOf<KafkaUnderTest>>;

public sealed class NatsFaultTests(QueueFixtureOf<NatsUnderTest> fixture, ITestOutputHelper output)
    : QueueFaultCases(fixture, output), IClassFixture<QueueFixtureOf<NatsUnderTest>>;

public sealed class RabbitMqFaultTests(QueueFixtureOf<RabbitMqUnderTest> fixture, ITestOutputHelper output)
    : QueueFaultCases(fixture, output), IClassFixture<QueueFixtureOf<RabbitMqUnderTest>>;

public sealed class SqliteFaultTests(QueueFixtureOf<SqliteUnderTest> fixture, ITestOutputHelper output)
    : QueueFaultCases(fixture, output), IClassFixture<QueueFixtureOf<SqliteUnderTest>>;

public sealed class SqsFaultTests(QueueFixtureOf<SqsUnderTest> fixture, ITestOutputHelper output)
    : QueueFaultCases(fixture, output), IClassFixture<QueueFixtureOf<SqsUnderTest>>;
