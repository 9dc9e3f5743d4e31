using SessionReplay.Audit;
using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Queues;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore;

/// <summary>The parts that have adapters, and the services by which one is recognised.</summary>
internal static class Parts
{
    public const string Queue = "Queue";
    public const string Storage = "Storage";
    public const string Catalog = "Catalog";
    public const string KeyStore = "KeyStore";
    public const string KeyManagement = "KeyManagement";

    public static IReadOnlyList<string> All { get; } = [Queue, Storage, Catalog, KeyStore, KeyManagement];

    /// <summary>The adapter of a part when the configuration names none.</summary>
    public static string DefaultAdapter(string part) => part is Storage or KeyManagement ? "Local" : "Sqlite";

    /// <summary>The part that a service belongs to, or <see langword="null"/>.</summary>
    public static string? Of(Type service) =>
        service == typeof(IMessageQueue) ? Queue
        : service == typeof(IBlobStore) ? Storage
        : service == typeof(ICatalogReader) || service == typeof(ICatalogWriter) || service == typeof(ISessionLifecycle)
            || service == typeof(IAssetCatalog) || service == typeof(IQuotaStore) || service == typeof(IAuditLog) ? Catalog
        : service == typeof(IKeyStore) ? KeyStore
        : service == typeof(IKeyManagementService) ? KeyManagement
        : null;
}
