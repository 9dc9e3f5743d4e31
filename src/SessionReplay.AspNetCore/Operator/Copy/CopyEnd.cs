using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Audit;
using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Operator.Copy;

/// <summary>
/// What is copied from or to: the adapters of one configuration. Without pipelines: a copy that meets an outage ends, and is run again.
/// </summary>
internal sealed class CopyEnd
{
    /// <exception cref="InvalidOperationException">An adapter cannot be copied.</exception>
    public CopyEnd(string name, IServiceProvider services)
    {
        Catalog = services.GetRequiredService<ICatalogReader>();
        Sessions = As<ICatalogTransfer>(Catalog, name);
        Assets = services.GetRequiredService<IAssetCatalog>();
        Lifecycle = services.GetRequiredService<ISessionLifecycle>();
        Blobs = services.GetRequiredService<IBlobStore>();
        Keys = services.GetRequiredService<IKeyStore>();
        KeyList = As<IKeyRotationStore>(Keys, name);
        KeyTombstones = As<IKeyTransfer>(Keys, name);
        Management = services.GetRequiredService<IKeyManagementService>();
        Audit = services.GetRequiredService<IAuditLog>();
        AuditStart = As<IAuditLifecycle>(Audit, name);
        AuditRows = As<IAuditTransfer>(Audit, name);
        Ciphers = services.GetRequiredService<ISessionCipherProvider>();
        TenantCiphers = services.GetRequiredService<ITenantCipherProvider>();
    }

    public ICatalogReader Catalog { get; }

    public ICatalogTransfer Sessions { get; }

    public IAssetCatalog Assets { get; }

    public ISessionLifecycle Lifecycle { get; }

    public IBlobStore Blobs { get; }

    public IKeyStore Keys { get; }

    public IKeyRotationStore KeyList { get; }

    public IKeyTransfer KeyTombstones { get; }

    public IKeyManagementService Management { get; }

    public IAuditLog Audit { get; }

    public IAuditLifecycle AuditStart { get; }

    public IAuditTransfer AuditRows { get; }

    public ISessionCipherProvider Ciphers { get; }

    public ITenantCipherProvider TenantCiphers { get; }

    private static T As<T>(object adapter, string end) => adapter is T transfer
        ? transfer
        : throw new InvalidOperationException(
            $"The {end}'s {adapter.GetType().Name} cannot be copied: it does not implement {typeof(T).Name}.");
}
