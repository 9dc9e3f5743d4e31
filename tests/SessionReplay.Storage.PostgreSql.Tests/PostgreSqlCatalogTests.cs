using SessionReplay.Storage.ConformanceTests;
using SessionReplay.Storage.PostgreSql.Catalog;

namespace SessionReplay.Storage.PostgreSql.Tests;

[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlCatalogTests(PostgreSqlFixture fixture) : CatalogConformance
{
    private readonly string _schema = PostgreSqlFixture.NewSchema();
    private readonly List<PostgreSqlCatalog> _catalogs = [];

    [SkippableFact]
    public async Task Search_TextOfAnotherStatement_IsAValueLikeAnyOther()
    {
        const string Hostile = "x'; DROP SCHEMA public CASCADE; --";

        var page = await Reader.SearchAsync(
            new() { Tenant = new("a"), Browser = Hostile, Os = Hostile, Device = Hostile }, default);

        Assert.Empty(page.Sessions);
    }

    public override async Task DisposeAsync()
    {
        foreach (var catalog in _catalogs)
        {
            await catalog.DisposeAsync();
        }
    }

    protected override Task<(object Catalog, object Other)> CreateCatalogsAsync()
    {
        _catalogs.AddRange([fixture.OpenCatalog(_schema), fixture.OpenCatalog(_schema)]);
        return Task.FromResult<(object, object)>((_catalogs[0], _catalogs[1]));
    }
}
