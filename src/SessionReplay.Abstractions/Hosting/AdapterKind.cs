namespace SessionReplay;

/// <summary>What an adapter provides; also the name of its section in the configuration, for instance <c>SessionReplay:Queue</c>.</summary>
public enum AdapterKind
{
    /// <summary>The queue between ingest and workers: <see cref="Queues.IMessageQueue"/>.</summary>
    Queue,

    /// <summary>The blob store with recordings and assets: <see cref="Storage.IBlobStore"/>.</summary>
    Storage,

    /// <summary>The catalog and the audit log: <see cref="Catalog.ICatalogReader"/>, <see cref="Audit.IAuditLog"/> and others.</summary>
    Catalog,

    /// <summary>The database with the wrapped data keys: <see cref="Keys.IKeyStore"/>.</summary>
    KeyStore,

    /// <summary>What wraps the data keys: <see cref="Keys.IKeyManagementService"/>.</summary>
    KeyManagement,
}
