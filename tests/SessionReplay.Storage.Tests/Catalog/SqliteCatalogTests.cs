using Microsoft.Extensions.Options;
using SessionReplay.Storage.Catalog;
using SessionReplay.Storage.ConformanceTests;
using SessionReplay.Testing;

namespace SessionReplay.Storage.Tests.Catalog;

public sealed class SqliteCatalogTests : CatalogConformance
{
    private readonly TempFolder _folder = new();
    private readonly List<SqliteCatalog> _catalogs = [];

    public override async Task DisposeAsync()
    {
        foreach (var catalog in _catalogs)
        {
            await catalog.DisposeAsync();
        }

        _folder.Dispose();
    }

    protected override Task<(object Catalog, object Other)> CreateCatalogsAsync()
    {
        _catalogs.AddRange([Open(), Open()]);
        return Task.FromResult<(object, object)>((_catalogs[0], _catalogs[1]));
    }

    private SqliteCatalog Open() =>
        new(
            Options.Create(new SqliteCatalogOptions { Path = _folder.File("catalog.db"), AuditPath = _folder.File("audit.db") }),
            TimeProvider.System);
}
