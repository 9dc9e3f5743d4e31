using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using SessionReplay.Audit;
using SessionReplay.Catalog;
using SessionReplay.Keys;
using SessionReplay.Storage;
using SessionReplay.Storage.PostgreSql;
using SessionReplay.Storage.PostgreSql.Audit;
using SessionReplay.Storage.PostgreSql.Catalog;
using SessionReplay.Storage.PostgreSql.Database;
using SessionReplay.Storage.PostgreSql.Keys;
using SessionReplay.Versions;

namespace SessionReplay;

/// <summary>Adds the catalog, the audit log and the key store on PostgreSQL.</summary>
public static class PostgreSqlBuilderExtensions
{
    private static readonly string[] Tags = ["session-replay", "ready"];

    /// <summary>Keeps the catalog and the audit log in PostgreSQL.</summary>
    /// <param name="builder">The builder that <c>AddSessionReplay</c> returned.</param>
    /// <param name="configure">Sets the options; see <see cref="PostgreSqlCatalogOptions"/>.</param>
    /// <returns>The builder.</returns>
    public static ISessionReplayBuilder AddPostgreSqlCatalog(
        this ISessionReplayBuilder builder, Action<PostgreSqlCatalogOptions>? configure = null) =>
        builder.AddPostgreSqlCatalog("SessionReplay:Catalog:PostgreSql", configure);

    internal static ISessionReplayBuilder AddPostgreSqlCatalog(
        this ISessionReplayBuilder builder, string path, Action<PostgreSqlCatalogOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseAdapter(AdapterKind.Catalog, services =>
        {
            services.AddCheckedOptions(new PostgreSqlCatalogOptionsValidator(path), configure);
            services.TryAddSingleton(static provider => new PostgreSqlCatalog(
                Open<PostgreSqlCatalogOptions>(
                    provider, CatalogSchema.Migrations,
                    static (message, e) => new CatalogUnavailableException($"The catalog {message}", e)),
                provider.GetRequiredService<IOptions<PostgreSqlCatalogOptions>>().Value.MaxBytes));
            services.TryAddSingleton<ICatalogWriter>(static provider => provider.GetRequiredService<PostgreSqlCatalog>());
            services.TryAddSingleton<ICatalogReader>(static provider => provider.GetRequiredService<PostgreSqlCatalog>());
            services.TryAddSingleton<ISessionLifecycle>(static provider => provider.GetRequiredService<PostgreSqlCatalog>());
            services.TryAddSingleton<IAssetCatalog>(static provider => provider.GetRequiredService<PostgreSqlCatalog>());
            services.TryAddSingleton<IQuotaStore>(static provider => provider.GetRequiredService<PostgreSqlCatalog>());
            services.TryAddSingleton<ILiveViewStore>(static provider => provider.GetRequiredService<PostgreSqlCatalog>());
            services.TryAddSingleton<IAuditLog>(
                static provider => new PostgreSqlAuditLog(provider.GetRequiredService<PostgreSqlCatalog>().Database));
            services.AddVersionCheck(static provider => provider.GetRequiredService<PostgreSqlCatalog>().Database.CheckVersionAsync);
            AddCheck(
                services, "session-replay-catalog-postgresql",
                static provider => provider.GetRequiredService<PostgreSqlCatalog>().CheckAsync);
        });
    }

    /// <summary>Keeps wrapped keys in PostgreSQL.</summary>
    /// <param name="builder">The builder that <c>AddSessionReplay</c> returned.</param>
    /// <param name="configure">Sets the options; see <see cref="PostgreSqlKeyStoreOptions"/>.</param>
    /// <returns>The builder.</returns>
    public static ISessionReplayBuilder AddPostgreSqlKeyStore(
        this ISessionReplayBuilder builder, Action<PostgreSqlKeyStoreOptions>? configure = null) =>
        builder.AddPostgreSqlKeyStore("SessionReplay:KeyStore:PostgreSql", configure);

    internal static ISessionReplayBuilder AddPostgreSqlKeyStore(
        this ISessionReplayBuilder builder, string path, Action<PostgreSqlKeyStoreOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseAdapter(AdapterKind.KeyStore, services =>
        {
            services.AddCheckedOptions(new PostgreSqlKeyStoreOptionsValidator(path), configure);
            services.TryAddSingleton(TimeProvider.System);
            services.TryAddSingleton(static provider => new PostgreSqlKeyStore(
                Open<PostgreSqlKeyStoreOptions>(
                    provider, PostgreSqlKeyStore.Migrations,
                    static (message, e) => new KeyStoreUnavailableException($"The key store {message}", e)),
                provider.GetRequiredService<TimeProvider>()));
            services.TryAddSingleton<IKeyStore>(static provider => provider.GetRequiredService<PostgreSqlKeyStore>());
            services.TryAddSingleton<IKeyRotationStore>(static provider => provider.GetRequiredService<PostgreSqlKeyStore>());
            services.AddVersionCheck(static provider => provider.GetRequiredService<PostgreSqlKeyStore>().CheckVersionAsync);
            AddCheck(
                services, "session-replay-keys-postgresql",
                static provider => provider.GetRequiredService<PostgreSqlKeyStore>().CheckAsync);
        });
    }

    private static PostgreSqlDatabase Open<[DynamicallyAccessedMembers(
        DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        IServiceProvider provider, IReadOnlyList<string> migrations, Func<string, Exception, Exception> unavailable)
        where TOptions : PostgreSqlOptions
    {
        var options = provider.GetRequiredService<IOptions<TOptions>>().Value;
        var source = options.ServiceKey is { } key ? provider.GetClient<NpgsqlDataSource>(key) : null;
        return new(
            options, source, migrations, unavailable, provider.GetRequiredService<ILoggerFactory>().CreateLogger<PostgreSqlDatabase>());
    }

    private static void AddCheck(
        IServiceCollection services, string name, Func<IServiceProvider, Func<CancellationToken, ValueTask>> probe) =>
        services.AddHealthChecks().Add(new HealthCheckRegistration(name, provider => new DatabaseHealthCheck(probe(provider)), null, Tags));
}
