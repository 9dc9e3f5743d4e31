using SessionReplay.FaultTests.Catalogs;
using Xunit.Abstractions;

// One line for each catalog.
namespace SessionReplay.FaultTests.Cases;

public sealed class PostgreSqlStoreAwayTests(ITestOutputHelper output)
    : StoreAwayCases(static () => new PostgreSqlCatalogUnderTest(), output);

public sealed class SqliteStoreAwayTests(ITestOutputHelper output)
    : StoreAwayCases(static () => new SqliteCatalogUnderTest(), output);
