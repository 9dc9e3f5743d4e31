using SessionReplay.FaultTests.Stores;
using Xunit.Abstractions;

// One line for each store.
namespace SessionReplay.FaultTests.Cases;

public sealed class AzuriteCompactionTests(CompactionFixtureOf<AzuriteUnderTest> fixture, ITestOutputHelper output) : CompactionFaultCases(fixture, output), IClassFixture<CompactionFixtureOf<AzuriteUnderTest>>;

public sealed class CephCompactionTests(CompactionFixtureOf<CephUnderTest> fixture, ITestOutputHelper output) : CompactionFaultCases(fixture, output), IClassFixture<CompactionFixtureOf<CephUnderTest>>;

public sealed class GcsCompactionTests(CompactionFixtureOf<GcsUnderTest> fixture, ITestOutputHelper output) : CompactionFaultCases(fixture, output), IClassFixture<CompactionFixtureOf<GcsUnderTest>>;

public sealed class S3rverCompactionTests(CompactionFixtureOf<S3rverUnderTest> fixture, ITestOutputHelper output) : CompactionFaultCases(fixture, output), IClassFixture<CompactionFixtureOf<S3rverUnderTest>>;
