using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SessionReplay.Audit;
using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Storage;
using SessionReplay.Storage.Audit;
using SessionReplay.Storage.Blobs;
using SessionReplay.Storage.Catalog;
using SessionReplay.Storage.Keys;

namespace SessionReplay;

/// <summary>Adds the embedded ends of storage.</summary>
public static class StorageBuilderExtensions
{
    private static readonly string[] Tags = ["session-replay", "ready"];

    /// <summary>Keeps recordings in a local folder, unless another blob store is registered already.</summary>
    /// <param name="builder">The builder that <c>AddSessionReplay</c> returned.</param>
    /// <param name="configure">Sets the options; see <see cref="LocalBlobStoreOptions"/>.</param>
    /// <returns>The builder.</returns>
    public static ISessionReplayBuilder AddLocalBlobStore(this ISessionReplayBuilder builder, Action<LocalBlobStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddCheckedOptions<LocalBlobStoreOptions, LocalBlobStoreOptionsValidator>("SessionReplay:Storage:Local", configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<LocalBlobStore>();
        services.TryAddSingleton<IBlobStore>(static provider => provider.GetRequiredService<LocalBlobStore>());
        services.AddHealthChecks().AddCheck<LocalBlobStoreHealthCheck>("session-replay-storage-local", tags: Tags);
        return builder;
    }

    /// <summary>Keeps the catalog and the audit log in SQLite files, unless others are registered already.</summary>
    /// <param name="builder">The builder that <c>AddSessionReplay</c> returned.</param>
    /// <param name="configure">Sets the options; see <see cref="SqliteCatalogOptions"/>.</param>
    /// <returns>The builder.</returns>
    public static ISessionReplayBuilder AddSqliteCatalog(this ISessionReplayBuilder builder, Action<SqliteCatalogOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddCheckedOptions<SqliteCatalogOptions, SqliteCatalogOptionsValidator>("SessionReplay:Catalog:Sqlite", configure);
        services.TryAddSingleton<SqliteCatalog>();
        services.TryAddSingleton<ICatalogWriter>(static provider => provider.GetRequiredService<SqliteCatalog>());
        services.TryAddSingleton<ICatalogReader>(static provider => provider.GetRequiredService<SqliteCatalog>());
        services.TryAddSingleton<ISessionLifecycle>(static provider => provider.GetRequiredService<SqliteCatalog>());
        services.TryAddSingleton<IAssetCatalog>(static provider => provider.GetRequiredService<SqliteCatalog>());
        services.TryAddSingleton<IQuotaStore>(static provider => provider.GetRequiredService<SqliteCatalog>());
        services.TryAddSingleton<SqliteAuditLog>();
        services.TryAddSingleton<IAuditLog>(static provider => provider.GetRequiredService<SqliteAuditLog>());
        AddCheck(services, "session-replay-catalog-sqlite", static provider => provider.GetRequiredService<SqliteCatalog>().CheckAsync);
        return builder;
    }

    /// <summary>Keeps wrapped keys in a SQLite file, unless another key store is registered already.</summary>
    /// <param name="builder">The builder that <c>AddSessionReplay</c> returned.</param>
    /// <param name="configure">Sets the options; see <see cref="SqliteKeyStoreOptions"/>.</param>
    /// <returns>The builder.</returns>
    public static ISessionReplayBuilder AddSqliteKeyStore(this ISessionReplayBuilder builder, Action<SqliteKeyStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddCheckedOptions<SqliteKeyStoreOptions, SqliteKeyStoreOptionsValidator>("SessionReplay:KeyStore:Sqlite", configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SqliteKeyStore>();
        services.TryAddSingleton<IKeyStore>(static provider => provider.GetRequiredService<SqliteKeyStore>());
        services.TryAddSingleton<IKeyRotationStore>(static provider => provider.GetRequiredService<SqliteKeyStore>());
        AddCheck(services, "session-replay-keys-sqlite", static provider => provider.GetRequiredService<SqliteKeyStore>().CheckAsync);
        return builder;
    }

    private static void AddCheck(IServiceCollection services, string name, Func<IServiceProvider, Func<CancellationToken, ValueTask>> probe) =>
        services.AddHealthChecks().Add(new HealthCheckRegistration(name, provider => new DatabaseHealthCheck(probe(provider)), null, Tags));
}
