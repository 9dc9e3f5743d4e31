using SessionReplay.Keys;
using SessionReplay.Storage.ConformanceTests;
using SessionReplay.Storage.PostgreSql.Keys;

namespace SessionReplay.Storage.PostgreSql.Tests;

[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlKeyStoreTests(PostgreSqlFixture fixture) : KeyStoreConformance
{
    private readonly string _schema = PostgreSqlFixture.NewSchema();
    private readonly List<PostgreSqlKeyStore> _stores = [];

    public override async Task DisposeAsync()
    {
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }
    }

    protected override Task<(IKeyStore Store, IKeyStore Other)> CreateStoresAsync()
    {
        _stores.AddRange([fixture.OpenKeyStore(_schema), fixture.OpenKeyStore(_schema)]);
        return Task.FromResult<(IKeyStore, IKeyStore)>((_stores[0], _stores[1]));
    }
}
