using SessionReplay;
using SessionReplay.Storage.Hosting;
using SessionReplay.Storage.Replication;

[assembly: SessionReplayAdapter(AdapterKind.Storage, "Local", typeof(LocalBlobStoreAdapter))]
[assembly: SessionReplayAdapter(AdapterKind.Storage, "Replicated", typeof(ReplicatedStorageAdapter))]
[assembly: SessionReplayAdapter(AdapterKind.Catalog, "Sqlite", typeof(SqliteCatalogAdapter))]
[assembly: SessionReplayAdapter(AdapterKind.KeyStore, "Sqlite", typeof(SqliteKeyStoreAdapter))]
