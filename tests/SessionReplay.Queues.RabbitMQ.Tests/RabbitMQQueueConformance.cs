using SessionReplay.Queues.ConformanceTests;
using Xunit.Abstractions;

namespace SessionReplay.Queues.RabbitMQ.Tests;

[CollectionDefinition(Name)]
public sealed class RabbitMQQueueCollection : ICollectionFixture<RabbitMQQueueFixture>
{
    public const string Name = "RabbitMQ queue";
}

[Collection(RabbitMQQueueCollection.Name)]
public sealed class RabbitMQRegistrationTests(RabbitMQQueueFixture fixture, ITestOutputHelper output)
    : RegistrationConformance(fixture, output);

[Collection(RabbitMQQueueCollection.Name)]
public sealed class RabbitMQPublishTests(RabbitMQQueueFixture fixture, ITestOutputHelper output) : PublishConformance(fixture, output);

[Collection(RabbitMQQueueCollection.Name)]
public sealed class RabbitMQDeliveryTests(RabbitMQQueueFixture fixture, ITestOutputHelper output) : DeliveryConformance(fixture, output);

[Collection(RabbitMQQueueCollection.Name)]
public sealed class RabbitMQRedeliveryTests(RabbitMQQueueFixture fixture, ITestOutputHelper output)
    : RedeliveryConformance(fixture, output);

[Collection(RabbitMQQueueCollection.Name)]
public sealed class RabbitMQDeadLetterTests(RabbitMQQueueFixture fixture, ITestOutputHelper output)
    : DeadLetterConformance(fixture, output);

[Collection(RabbitMQQueueCollection.Name)]
public sealed class RabbitMQMonitorTests(RabbitMQQueueFixture fixture, ITestOutputHelper output) : MonitorConformance(fixture, output);

[Collection(RabbitMQQueueCollection.Name)]
public sealed class RabbitMQRecoveryTests(RabbitMQQueueFixture fixture, ITestOutputHelper output) : RecoveryConformance(fixture, output);

[Collection(RabbitMQQueueCollection.Name)]
public sealed class RabbitMQClaimCheckTests(RabbitMQQueueFixture fixture, ITestOutputHelper output)
    : ClaimCheckConformance(fixture, output);
