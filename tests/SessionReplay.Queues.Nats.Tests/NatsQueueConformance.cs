using SessionReplay.Queues.ConformanceTests;
using Xunit.Abstractions;

namespace SessionReplay.Queues.Nats.Tests;

[CollectionDefinition(Name)]
public sealed class NatsQueueCollection : ICollectionFixture<NatsQueueFixture>
{
    public const string Name = "NATS queue";
}

[Collection(NatsQueueCollection.Name)]
public sealed class NatsRegistrationTests(NatsQueueFixture fixture, ITestOutputHelper output) : RegistrationConformance(fixture, output);

[Collection(NatsQueueCollection.Name)]
public sealed class NatsPublishTests(NatsQueueFixture fixture, ITestOutputHelper output) : PublishConformance(fixture, output);

[Collection(NatsQueueCollection.Name)]
public sealed class NatsDeliveryTests(NatsQueueFixture fixture, ITestOutputHelper output) : DeliveryConformance(fixture, output);

[Collection(NatsQueueCollection.Name)]
public sealed class NatsRedeliveryTests(NatsQueueFixture fixture, ITestOutputHelper output) : RedeliveryConformance(fixture, output);

[Collection(NatsQueueCollection.Name)]
public sealed class NatsDeadLetterTests(NatsQueueFixture fixture, ITestOutputHelper output) : DeadLetterConformance(fixture, output);

[Collection(NatsQueueCollection.Name)]
public sealed class NatsMonitorTests(NatsQueueFixture fixture, ITestOutputHelper output) : MonitorConformance(fixture, output);

[Collection(NatsQueueCollection.Name)]
public sealed class NatsRecoveryTests(NatsQueueFixture fixture, ITestOutputHelper output) : RecoveryConformance(fixture, output);

[Collection(NatsQueueCollection.Name)]
public sealed class NatsClaimCheckTests(NatsQueueFixture fixture, ITestOutputHelper output) : ClaimCheckConformance(fixture, output);
