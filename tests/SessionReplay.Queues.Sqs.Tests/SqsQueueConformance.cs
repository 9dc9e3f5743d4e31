using SessionReplay.Queues.ConformanceTests;
using Xunit.Abstractions;

namespace SessionReplay.Queues.Sqs.Tests;

[CollectionDefinition(Name)]
public sealed class SqsQueueCollection : ICollectionFixture<SqsQueueFixture>
{
    public const string Name = "SQS queue";
}

[Collection(SqsQueueCollection.Name)]
public sealed class SqsRegistrationTests(SqsQueueFixture fixture, ITestOutputHelper output) : RegistrationConformance(fixture, output);

[Collection(SqsQueueCollection.Name)]
public sealed class SqsPublishTests(SqsQueueFixture fixture, ITestOutputHelper output) : PublishConformance(fixture, output);

[Collection(SqsQueueCollection.Name)]
public sealed class SqsDeliveryTests(SqsQueueFixture fixture, ITestOutputHelper output) : DeliveryConformance(fixture, output);

[Collection(SqsQueueCollection.Name)]
public sealed class SqsRedeliveryTests(SqsQueueFixture fixture, ITestOutputHelper output) : RedeliveryConformance(fixture, output);

[Collection(SqsQueueCollection.Name)]
public sealed class SqsDeadLetterTests(SqsQueueFixture fixture, ITestOutputHelper output) : DeadLetterConformance(fixture, output);

[Collection(SqsQueueCollection.Name)]
public sealed class SqsMonitorTests(SqsQueueFixture fixture, ITestOutputHelper output) : MonitorConformance(fixture, output);

[Collection(SqsQueueCollection.Name)]
public sealed class SqsRecoveryTests(SqsQueueFixture fixture, ITestOutputHelper output) : RecoveryConformance(fixture, output);

[Collection(SqsQueueCollection.Name)]
public sealed class SqsClaimCheckTests(SqsQueueFixture fixture, ITestOutputHelper output) : ClaimCheckConformance(fixture, output);
