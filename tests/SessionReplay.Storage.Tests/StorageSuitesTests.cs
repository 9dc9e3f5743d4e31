using SessionReplay.Storage.ConformanceTests;
using SessionReplay.Testing;

namespace SessionReplay.Storage.Tests;

public sealed class StorageSuitesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void FindMissing_EveryAdapter_SubclassesEverySuiteThatApplies()
    {
        Assert.Equal(StorageSuites.All, StorageSuites.Asked);
        Assert.Empty(StorageSuites.FindMissing(Repository.Root));
    }

    [Theory]
    [InlineData("SessionReplay.Storage: LocalBlobStore: IBlobStore")]
    [InlineData("SessionReplay.Storage: ReplicatedBlobStore: IBlobStore")]
    [InlineData("SessionReplay.Storage: SqliteCatalog: ISessionLifecycle")]
    [InlineData("SessionReplay.Storage: SqliteKeyStore: IKeyStore")]
    [InlineData("SessionReplay.Storage: SqliteAuditLog: IAuditLifecycle")]
    [InlineData("SessionReplay.Storage: SqliteAuditLog: IAuditLog")]
    [InlineData("SessionReplay.Storage.AzureBlob: AzureBlobStore: IBlobStore")]
    [InlineData("SessionReplay.Storage.Gcs: GcsBlobStore: IBlobStore")]
    [InlineData("SessionReplay.Storage.PostgreSql: PostgreSqlCatalog: ICatalogWriter")]
    [InlineData("SessionReplay.Storage.PostgreSql: PostgreSqlKeyStore: IKeyRotationStore")]
    [InlineData("SessionReplay.Storage.PostgreSql: PostgreSqlAuditLog: IAuditLifecycle")]
    [InlineData("SessionReplay.Storage.PostgreSql: PostgreSqlAuditLog: IAuditLog")]
    [InlineData("SessionReplay.Storage.S3: S3BlobStore: IBlobStore")]
    public void FindAdapters_OfThisRepository_FindsThem(string adapter) =>
        Assert.Contains(adapter, StorageSuites.FindAdapters(Repository.Root));

    [Theory]
    [InlineData(
        "internal sealed class AcmeStore(IAuditLog log, Func<(int, int)> x) : IBlobStore {", "",
        "SessionReplay.Storage.Acme.Tests: BlobStoreConformance for AcmeStore")]
    [InlineData(
        "internal sealed class AcmeStore : IBlobStore {", "public sealed class AcmeTests(Fixture fixture) : BlobStoreConformance {", null)]
    [InlineData(
        "internal sealed class AcmeKeys : IKeyStore {", "public sealed class AcmeTests : CatalogConformance {",
        "SessionReplay.Storage.Acme.Tests: KeyStoreConformance for AcmeKeys")]
    public void FindMissing_Adapter_NamesWhatItLeavesOut(string source, string test, string? missing)
    {
        Directory.CreateDirectory(_folder.File("src/SessionReplay.Storage.Acme"));
        Directory.CreateDirectory(_folder.File("tests/SessionReplay.Storage.Acme.Tests"));
        File.WriteAllText(_folder.File("src/SessionReplay.Storage.Acme/Acme.cs"), source);
        File.WriteAllText(_folder.File("tests/SessionReplay.Storage.Acme.Tests/AcmeTests.cs"), test);

        Assert.Equal(missing is null ? [] : [missing], StorageSuites.FindMissing(_folder.FullPath));
    }

    [Fact]
    public void FindMissing_TwoStoresInOneProject_AreNotProvenByOneTest()
    {
        foreach (var folder in new[] { "src/SessionReplay.Storage.Acme/One", "src/SessionReplay.Storage.Acme/Two",
            "tests/SessionReplay.Storage.Acme.Tests/One", "tests/SessionReplay.Storage.Acme.Tests/Two" })
        {
            Directory.CreateDirectory(_folder.File(folder));
        }

        File.WriteAllText(_folder.File("src/SessionReplay.Storage.Acme/One/OneStore.cs"), "class OneStore : IBlobStore {");
        File.WriteAllText(_folder.File("src/SessionReplay.Storage.Acme/Two/TwoStore.cs"), "class TwoStore : IBlobStore {");
        File.WriteAllText(
            _folder.File("tests/SessionReplay.Storage.Acme.Tests/One/OneTests.cs"), "sealed class OneTests : BlobStoreConformance {");

        Assert.Equal(["SessionReplay.Storage.Acme.Tests: BlobStoreConformance for TwoStore"], StorageSuites.FindMissing(_folder.FullPath));
    }
}
