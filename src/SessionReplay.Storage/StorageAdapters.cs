using SessionReplay;
using SessionReplay.Storage.Blobs;
using SessionReplay.Storage.Catalog;
using SessionReplay.Storage.Keys;
using SessionReplay.Storage.Replication;

[assembly: SessionReplayAdapter("Storage", "Local", typeof(LocalBlobStoreAdapter))]
[assembly: SessionReplayAdapter("Storage", "Replicated", typeof(ReplicatedStorageAdapter))]
[assembly: SessionReplayAdapter("Catalog", "Sqlite", typeof(SqliteCatalogAdapter))]
[assembly: SessionReplayAdapter("KeyStore", "Sqlite", typeof(SqliteKeyStoreAdapter))]
