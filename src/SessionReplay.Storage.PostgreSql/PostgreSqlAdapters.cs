using SessionReplay;
using SessionReplay.Storage.PostgreSql.Catalog;
using SessionReplay.Storage.PostgreSql.Keys;

[assembly: SessionReplayAdapter("Catalog", "PostgreSql", typeof(PostgreSqlCatalogAdapter))]
[assembly: SessionReplayAdapter("KeyStore", "PostgreSql", typeof(PostgreSqlKeyStoreAdapter))]
