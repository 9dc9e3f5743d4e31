using SessionReplay.Queues.ConformanceTests;
using Xunit.Abstractions;

namespace SessionReplay.Queues.Tests;

[CollectionDefinition(Name)]
public sealed class SqliteQueueCollection : ICollectionFixture<SqliteQueueFixture>
{
    public const string Name = "SQLite queue";
}

[Collection(SqliteQueueCollection.Name)]
public sealed class SqliteRegistrationTests(SqliteQueueFixture fixture, ITestOutputHelper output)
    : RegistrationConformance(fixture, output);

[Collection(SqliteQueueCollection.Name)]
public sealed class SqlitePublishTests(SqliteQueueFixture fixture, ITestOutputHelper output) : PublishConformance(fixture, output);

[Collection(SqliteQueueCollection.Name)]
public sealed class SqliteDeliveryTests(SqliteQueueFixture fixture, ITestOutputHelper output) : DeliveryConformance(fixture, output);

[Collection(SqliteQueueCollection.Name)]
public sealed class SqliteRedeliveryTests(SqliteQueueFixture fixture, ITestOutputHelper output) : RedeliveryConformance(fixture, output);

[Collection(SqliteQueueCollection.Name)]
public sealed class SqliteDeadLetterTests(SqliteQueueFixture fixture, ITestOutputHelper output) : DeadLetterConformance(fixture, output);

[Collection(SqliteQueueCollection.Name)]
public sealed class SqliteMonitorTests(SqliteQueueFixture fixture, ITestOutputHelper output) : MonitorConformance(fixture, output);

[Collection(SqliteQueueCollection.Name)]
public sealed class SqliteRecoveryTests(SqliteQueueFixture fixture, ITestOutputHelper output) : RecoveryConformance(fixture, output);

[Collection(SqliteQueueCollection.Name)]
public sealed class SqliteClaimCheckTests(SqliteQueueFixture fixture, ITestOutputHelper output) : ClaimCheckConformance(fixture, output);
