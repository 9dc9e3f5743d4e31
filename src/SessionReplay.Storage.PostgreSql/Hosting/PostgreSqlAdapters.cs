using SessionReplay;
using SessionReplay.Storage.PostgreSql.Hosting;

[assembly: SessionReplayAdapter(AdapterKind.Catalog, "PostgreSql", typeof(PostgreSqlCatalogAdapter))]
[assembly: SessionReplayAdapter(AdapterKind.KeyStore, "PostgreSql", typeof(PostgreSqlKeyStoreAdapter))]
