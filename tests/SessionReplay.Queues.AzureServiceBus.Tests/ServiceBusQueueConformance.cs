using SessionReplay.Queues.ConformanceTests;
using Xunit.Abstractions;

namespace SessionReplay.Queues.AzureServiceBus.Tests;

[CollectionDefinition(Name)]
public sealed class ServiceBusQueueCollection : ICollectionFixture<ServiceBusQueueFixture>
{
    public const string Name = "Service Bus queue";
}

[Collection(ServiceBusQueueCollection.Name)]
public sealed class ServiceBusRegistrationTests(ServiceBusQueueFixture fixture, ITestOutputHelper output)
    : RegistrationConformance(fixture, output);

[Collection(ServiceBusQueueCollection.Name)]
public sealed class ServiceBusPublishTests(ServiceBusQueueFixture fixture, ITestOutputHelper output) : PublishConformance(fixture, output);

[Collection(ServiceBusQueueCollection.Name)]
public sealed class ServiceBusDeliveryTests(ServiceBusQueueFixture fixture, ITestOutputHelper output)
    : DeliveryConformance(fixture, output);

[Collection(ServiceBusQueueCollection.Name)]
public sealed class ServiceBusRedeliveryTests(ServiceBusQueueFixture fixture, ITestOutputHelper output)
    : RedeliveryConformance(fixture, output);

[Collection(ServiceBusQueueCollection.Name)]
public sealed class ServiceBusDeadLetterTests(ServiceBusQueueFixture fixture, ITestOutputHelper output)
    : DeadLetterConformance(fixture, output);

[Collection(ServiceBusQueueCollection.Name)]
public sealed class ServiceBusMonitorTests(ServiceBusQueueFixture fixture, ITestOutputHelper output) : MonitorConformance(fixture, output);

[Collection(ServiceBusQueueCollection.Name)]
public sealed class ServiceBusRecoveryTests(ServiceBusQueueFixture fixture, ITestOutputHelper output)
    : RecoveryConformance(fixture, output);

[Collection(ServiceBusQueueCollection.Name)]
public sealed class ServiceBusClaimCheckTests(ServiceBusQueueFixture fixture, ITestOutputHelper output)
    : ClaimCheckConformance(fixture, output);
