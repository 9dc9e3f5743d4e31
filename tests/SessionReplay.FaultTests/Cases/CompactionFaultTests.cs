using SessionReplay.FaultTests.Stores;
using Xunit.Abstractions;

// One line for each store. One of them runs every time, the others with ./test.sh --long.
namespace SessionReplay.FaultTests.Cases;

[Trait("Takes", "Long")]
public sealed class AzuriteCompactionTests(CompactionFixtureOf<AzuriteUnderTest> fixture, ITestOutputHelper output)
    : CompactionFaultCases(fixture, output), IClassFixture<CompactionFixtureOf<AzuriteUnderTest>>;

[Trait("Takes", "Long")]
public sealed class CephCompactionTests(CompactionFixtureOf<CephUnderTest> fixture, ITestOutputHelper output)
    : CompactionFaultCases(fixture, output), IClassFixture<CompactionFixtureOf<CephUnderTest>>;

[Trait("Takes", "Long")]
public sealed class GcsCompactionTests(CompactionFixtureOf<GcsUnderTest> fixture, ITestOutputHelper output)
    : CompactionFaultCases(fixture, output), IClassFixture<CompactionFixtureOf<GcsUnderTest>>;

public sealed class S3rverCompactionTests(CompactionFixtureOf<S3rverUnderTest> fixture, ITestOutputHelper output)
    : CompactionFaultCases(fixture, output), IClassFixture<CompactionFixtureOf<S3rverUnderTest>>;
