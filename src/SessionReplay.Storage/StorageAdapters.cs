using SessionReplay;
using SessionReplay.Storage.Blobs;
using SessionReplay.Storage.Catalog;
using SessionReplay.Storage.Keys;

[assembly: SessionReplayAdapter("Storage", "Local", typeof(LocalBlobStoreAdapter))]
[assembly: SessionReplayAdapter("Catalog", "Sqlite", typeof(SqliteCatalogAdapter))]
[assembly: SessionReplayAdapter("KeyStore", "Sqlite", typeof(SqliteKeyStoreAdapter))]
