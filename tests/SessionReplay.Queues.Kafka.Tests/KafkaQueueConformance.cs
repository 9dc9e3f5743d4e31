using SessionReplay.Queues.ConformanceTests;
using Xunit.Abstractions;

namespace SessionReplay.Queues.Kafka.Tests;

[CollectionDefinition(Name)]
public sealed class KafkaQueueCollection : ICollectionFixture<KafkaQueueFixture>
{
    public const string Name = "Kafka queue";
}

[Collection(KafkaQueueCollection.Name)]
public sealed class KafkaRegistrationTests(KafkaQueueFixture fixture, ITestOutputHelper output) : RegistrationConformance(fixture, output);

[Collection(KafkaQueueCollection.Name)]
public sealed class KafkaPublishTests(KafkaQueueFixture fixture, ITestOutputHelper output) : PublishConformance(fixture, output);

[Collection(KafkaQueueCollection.Name)]
public sealed class KafkaDeliveryTests(KafkaQueueFixture fixture, ITestOutputHelper output) : DeliveryConformance(fixture, output);

[Collection(KafkaQueueCollection.Name)]
public sealed class KafkaRedeliveryTests(KafkaQueueFixture fixture, ITestOutputHelper output) : RedeliveryConformance(fixture, output);

[Collection(KafkaQueueCollection.Name)]
public sealed class KafkaDeadLetterTests(KafkaQueueFixture fixture, ITestOutputHelper output) : DeadLetterConformance(fixture, output);

[Collection(KafkaQueueCollection.Name)]
public sealed class KafkaMonitorTests(KafkaQueueFixture fixture, ITestOutputHelper output) : MonitorConformance(fixture, output);

[Collection(KafkaQueueCollection.Name)]
public sealed class KafkaRecoveryTests(KafkaQueueFixture fixture, ITestOutputHelper output) : RecoveryConformance(fixture, output);

[Collection(KafkaQueueCollection.Name)]
public sealed class KafkaClaimCheckTests(KafkaQueueFixture fixture, ITestOutputHelper output) : ClaimCheckConformance(fixture, output);
