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
using SessionReplay.Versions;

namespace SessionReplay;

/// <summary>Adds the embedded ends of storage.</summary>
public static class StorageBuilderExtensions
{
    private static readonly string[] Tags = ["session-replay", "ready"];

    /// <summary>Keeps recordings in a local folder.</summary>
    /// <param name="builder">The builder that <c>AddSessionReplay</c> returned.</param>
    /// <param name="configure">Sets the options; see <see cref="LocalBlobStoreOptions"/>.</param>
    /// <returns>The builder.</returns>
    public static ISessionReplayBuilder AddLocalBlobStore(
        this ISessionReplayBuilder builder, Action<LocalBlobStoreOptions>? configure = null) =>
        builder.AddLocalBlobStore("SessionReplay:Storage:Local", configure);

    internal static ISessionReplayBuilder AddLocalBlobStore(
        this ISessionReplayBuilder builder, string path, Action<LocalBlobStoreOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseAdapter(AdapterKind.Storage, services =>
        {
            services.AddCheckedOptions(new LocalBlobStoreOptionsValidator(path), configure);
            services.TryAddSingleton(TimeProvider.System);
            services.TryAddSingleton<LocalBlobStore>();
            services.TryAddSingleton<IBlobStore>(static provider => provider.GetRequiredService<LocalBlobStore>());
            services.AddHealthChecks().AddCheck<LocalBlobStoreHealthCheck>("session-replay-storage-local", tags: Tags);
        });
    }

    /// <summary>Keeps the catalog and the audit log in SQLite files.</summary>
    /// <param name="builder">The builder that <c>AddSessionReplay</c> returned.</param>
    /// <param name="configure">Sets the options; see <see cref="SqliteCatalogOptions"/>.</param>
    /// <returns>The builder.</returns>
    public static ISessionReplayBuilder AddSqliteCatalog(
        this ISessionReplayBuilder builder, Action<SqliteCatalogOptions>? configure = null) =>
        builder.AddSqliteCatalog("SessionReplay:Catalog:Sqlite", configure);

    internal static ISessionReplayBuilder AddSqliteCatalog(
        this ISessionReplayBuilder builder, string path, Action<SqliteCatalogOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseAdapter(AdapterKind.Catalog, services =>
        {
            services.AddCheckedOptions(new SqliteCatalogOptionsValidator(path), configure);
            services.TryAddSingleton(TimeProvider.System);
            services.TryAddSingleton<SqliteCatalog>();
            services.TryAddSingleton<ICatalogWriter>(static provider => provider.GetRequiredService<SqliteCatalog>());
            services.TryAddSingleton<ICatalogReader>(static provider => provider.GetRequiredService<SqliteCatalog>());
            services.TryAddSingleton<ISessionLifecycle>(static provider => provider.GetRequiredService<SqliteCatalog>());
            services.TryAddSingleton<IAssetCatalog>(static provider => provider.GetRequiredService<SqliteCatalog>());
            services.TryAddSingleton<IQuotaStore>(static provider => provider.GetRequiredService<SqliteCatalog>());
            services.TryAddSingleton<ILiveViewStore>(static provider => provider.GetRequiredService<SqliteCatalog>());
            services.TryAddSingleton<SqliteAuditLog>();
            services.TryAddSingleton<IAuditLog>(static provider => provider.GetRequiredService<SqliteAuditLog>());
            services.AddVersionCheck(static provider => provider.GetRequiredService<SqliteCatalog>().CheckVersionAsync);
            services.AddVersionCheck(static provider => provider.GetRequiredService<SqliteAuditLog>().CheckVersionAsync);
            AddCheck(services, "session-replay-catalog-sqlite", static provider => provider.GetRequiredService<SqliteCatalog>().CheckAsync);
        });
    }

    /// <summary>Keeps wrapped keys in a SQLite file.</summary>
    /// <param name="builder">The builder that <c>AddSessionReplay</c> returned.</param>
    /// <param name="configure">Sets the options; see <see cref="SqliteKeyStoreOptions"/>.</param>
    /// <returns>The builder.</returns>
    public static ISessionReplayBuilder AddSqliteKeyStore(
        this ISessionReplayBuilder builder, Action<SqliteKeyStoreOptions>? configure = null) =>
        builder.AddSqliteKeyStore("SessionReplay:KeyStore:Sqlite", configure);

    internal static ISessionReplayBuilder AddSqliteKeyStore(
        this ISessionReplayBuilder builder, string path, Action<SqliteKeyStoreOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseAdapter(AdapterKind.KeyStore, services =>
        {
            services.AddCheckedOptions(new SqliteKeyStoreOptionsValidator(path), configure);
            services.TryAddSingleton(TimeProvider.System);
            services.TryAddSingleton<SqliteKeyStore>();
            services.TryAddSingleton<IKeyStore>(static provider => provider.GetRequiredService<SqliteKeyStore>());
            services.TryAddSingleton<IKeyRotationStore>(static provider => provider.GetRequiredService<SqliteKeyStore>());
            services.AddVersionCheck(static provider => provider.GetRequiredService<SqliteKeyStore>().CheckVersionAsync);
            AddCheck(services, "session-replay-keys-sqlite", static provider => provider.GetRequiredService<SqliteKeyStore>().CheckAsync);
        });
    }

    private static void AddCheck(
        IServiceCollection services, string name, Func<IServiceProvider, Func<CancellationToken, ValueTask>> probe) =>
        services.AddHealthChecks().Add(new HealthCheckRegistration(name, provider => new DatabaseHealthCheck(probe(provider)), null, Tags));
}
