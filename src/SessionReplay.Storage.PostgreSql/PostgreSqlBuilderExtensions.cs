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

namespace SessionReplay;

/// <summary>Adds the catalog, the audit log and the key store on PostgreSQL.</summary>
public static class PostgreSqlBuilderExtensions
{
    private static readonly string[] Tags = ["session-replay", "ready"];

    /// <summary>Keeps the catalog and the audit log in PostgreSQL, unless others are registered already.</summary>
    /// <param name="builder">The builder that <c>AddSessionReplay</c> returned.</param>
    /// <param name="configure">Sets the options; see <see cref="PostgreSqlCatalogOptions"/>.</param>
    /// <returns>The builder.</returns>
    public static ISessionReplayBuilder AddPostgreSqlCatalog(this ISessionReplayBuilder builder, Action<PostgreSqlCatalogOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddCheckedOptions<PostgreSqlCatalogOptions, PostgreSqlOptionsValidator<PostgreSqlCatalogOptions, PostgreSqlCatalogOptionsAttributesValidator>>(
            "SessionReplay:Catalog:PostgreSql", configure);
        services.TryAddSingleton(static provider => new PostgreSqlCatalog(Open<PostgreSqlCatalogOptions>(
            provider, CatalogSchema.Migrations, static (message, e) => new CatalogUnavailableException($"The catalog {message}", e))));
        services.TryAddSingleton<ICatalogWriter>(static provider => provider.GetRequiredService<PostgreSqlCatalog>());
        services.TryAddSingleton<ICatalogReader>(static provider => provider.GetRequiredService<PostgreSqlCatalog>());
        services.TryAddSingleton<ISessionLifecycle>(static provider => provider.GetRequiredService<PostgreSqlCatalog>());
        services.TryAddSingleton<IAssetCatalog>(static provider => provider.GetRequiredService<PostgreSqlCatalog>());
        services.TryAddSingleton<IQuotaStore>(static provider => provider.GetRequiredService<PostgreSqlCatalog>());
        services.TryAddSingleton<IAuditLog>(static provider => new PostgreSqlAuditLog(provider.GetRequiredService<PostgreSqlCatalog>().Database));
        AddCheck(services, "session-replay-catalog-postgresql", static provider => provider.GetRequiredService<PostgreSqlCatalog>().CheckAsync);
        return builder;
    }

    /// <summary>Keeps wrapped keys in PostgreSQL, unless another key store is registered already.</summary>
    /// <param name="builder">The builder that <c>AddSessionReplay</c> returned.</param>
    /// <param name="configure">Sets the options; see <see cref="PostgreSqlKeyStoreOptions"/>.</param>
    /// <returns>The builder.</returns>
    public static ISessionReplayBuilder AddPostgreSqlKeyStore(this ISessionReplayBuilder builder, Action<PostgreSqlKeyStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddCheckedOptions<PostgreSqlKeyStoreOptions, PostgreSqlOptionsValidator<PostgreSqlKeyStoreOptions, PostgreSqlKeyStoreOptionsAttributesValidator>>(
            "SessionReplay:KeyStore:PostgreSql", configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static provider => new PostgreSqlKeyStore(
            Open<PostgreSqlKeyStoreOptions>(
                provider, PostgreSqlKeyStore.Migrations, static (message, e) => new KeyStoreUnavailableException($"The key store {message}", e)),
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IKeyStore>(static provider => provider.GetRequiredService<PostgreSqlKeyStore>());
        services.TryAddSingleton<IKeyRotationStore>(static provider => provider.GetRequiredService<PostgreSqlKeyStore>());
        AddCheck(services, "session-replay-keys-postgresql", static provider => provider.GetRequiredService<PostgreSqlKeyStore>().CheckAsync);
        return builder;
    }

    private static PostgreSqlDatabase Open<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        IServiceProvider provider, IReadOnlyList<string> migrations, Func<string, Exception, Exception> unavailable)
        where TOptions : PostgreSqlOptions
    {
        var options = provider.GetRequiredService<IOptions<TOptions>>().Value;
        var source = options.ServiceKey is { } key ? provider.GetClient<NpgsqlDataSource>(key) : null;
        return new(options, source, migrations, unavailable, provider.GetRequiredService<ILoggerFactory>().CreateLogger<PostgreSqlDatabase>());
    }

    private static void AddCheck(IServiceCollection services, string name, Func<IServiceProvider, Func<CancellationToken, ValueTask>> probe) =>
        services.AddHealthChecks().Add(new HealthCheckRegistration(name, provider => new DatabaseHealthCheck(probe(provider)), null, Tags));
}
