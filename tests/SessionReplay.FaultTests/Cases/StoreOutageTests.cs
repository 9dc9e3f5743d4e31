using SessionReplay.FaultTests.Stores;
using Xunit.Abstractions;

// One line for each store. One of them runs every time, the others with ./test.sh --long.
namespace SessionReplay.FaultTests.Cases;

public sealed class S3rverOutageTests(StoreFixtureOf<S3rverUnderTest> fixture, ITestOutputHelper output)
    : StoreOutageCases(fixture, output), IClassFixture<StoreFixtureOf<S3rverUnderTest>>;

[Trait("Takes", "Long")]
public sealed class AzuriteOutageTests(StoreFixtureOf<AzuriteUnderTest> fixture, ITestOutputHelper output)
    : StoreOutageCases(fixture, output), IClassFixture<StoreFixtureOf<AzuriteUnderTest>>;

[Trait("Takes", "Long")]
public sealed class CephOutageTests(StoreFixtureOf<CephUnderTest> fixture, ITestOutputHelper output)
    : StoreOutageCases(fixture, output), IClassFixture<StoreFixtureOf<CephUnderTest>>;

[Trait("Takes", "Long")]
public sealed class GcsOutageTests(StoreFixtureOf<GcsUnderTest> fixture, ITestOutputHelper output)
    : StoreOutageCases(fixture, output), IClassFixture<StoreFixtureOf<GcsUnderTest>>;
