using SessionReplay.FaultTests.Stores;
using Xunit.Abstractions;

// One line for each store. s3rver stands for the adapter of S3 every time; Ceph, with the same adapter, runs with ./test.sh --long.
namespace SessionReplay.FaultTests.Cases;

public sealed class AzuriteFaultTests(StoreFixtureOf<AzuriteUnderTest> fixture, ITestOutputHelper output)
    : StoreFaultCases(fixture, output), IClassFixture<StoreFixtureOf<AzuriteUnderTest>>;

public sealed class GcsFaultTests(StoreFixtureOf<GcsUnderTest> fixture, ITestOutputHelper output)
    : StoreFaultCases(fixture, output), IClassFixture<StoreFixtureOf<GcsUnderTest>>;

public sealed class S3rverFaultTests(StoreFixtureOf<S3rverUnderTest> fixture, ITestOutputHelper output)
    : StoreFaultCases(fixture, output), IClassFixture<StoreFixtureOf<S3rverUnderTest>>;

[Trait("Takes", "Long")]
public sealed class CephFaultTests(StoreFixtureOf<CephUnderTest> fixture, ITestOutputHelper output)
    : StoreFaultCases(fixture, output), IClassFixture<StoreFixtureOf<CephUnderTest>>;
