using SessionReplay.FaultTests.Stores;
using Xunit.Abstractions;

namespace SessionReplay.FaultTests.Cases;

public sealed class S3CompactionCostTests(CompactionFixtureOf<S3rverUnderTest> fixture, ITestOutputHelper output)
    : CompactionCostCase(fixture, output), IClassFixture<CompactionFixtureOf<S3rverUnderTest>>;

public sealed class AzureCompactionCostTests(CompactionFixtureOf<AzuriteUnderTest> fixture, ITestOutputHelper output)
    : CompactionCostCase(fixture, output), IClassFixture<CompactionFixtureOf<AzuriteUnderTest>>;

public sealed class GcsCompactionCostTests(CompactionFixtureOf<GcsUnderTest> fixture, ITestOutputHelper output)
    : CompactionCostCase(fixture, output), IClassFixture<CompactionFixtureOf<GcsUnderTest>>;
