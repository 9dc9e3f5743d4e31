using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Queues;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore;

/// <summary>The kinds of adapters.</summary>
internal static class AdapterKinds
{
    public static IReadOnlyList<AdapterKind> All { get; } = Enum.GetValues<AdapterKind>();

    /// <summary>The adapter of a kind when the configuration names none.</summary>
    public static string DefaultAdapter(AdapterKind kind) => kind is AdapterKind.Storage or AdapterKind.KeyManagement ? "Local" : "Sqlite";

    /// <summary>The service that every adapter of a kind registers.</summary>
    public static Type ServiceOf(AdapterKind kind) => kind switch
    {
        AdapterKind.Queue => typeof(IMessageQueue),
        AdapterKind.Storage => typeof(IBlobStore),
        AdapterKind.Catalog => typeof(ICatalogReader),
        AdapterKind.KeyStore => typeof(IKeyStore),
        AdapterKind.KeyManagement => typeof(IKeyManagementService),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
