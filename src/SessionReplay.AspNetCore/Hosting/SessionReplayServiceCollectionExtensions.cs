using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SessionReplay;
using SessionReplay.AspNetCore;
using SessionReplay.AspNetCore.Ingest;
using SessionReplay.AspNetCore.Keys;
using SessionReplay.AspNetCore.Playback;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.AspNetCore.Worker;
using SessionReplay.Ingest;
using SessionReplay.Keys;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds session replay to an application.</summary>
public static class SessionReplayServiceCollectionExtensions
{
    private const string SectionName = "SessionReplay";

    /// <summary>Adds session replay with settings from the configuration.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="section">The section <c>SessionReplay</c>, or the whole configuration that holds it.</param>
    /// <returns>A builder that adapters hang on. What is registered in code wins over what the configuration chooses.</returns>
    /// <exception cref="InvalidOperationException">The configuration chooses an adapter that is unknown, not referenced or of another version, or a role that is unknown; or session replay was added before.</exception>
    public static ISessionReplayBuilder AddSessionReplay(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return Add(services, section, null);
    }

    /// <summary>Adds session replay with settings from code.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>A builder that adapters hang on.</returns>
    /// <exception cref="InvalidOperationException">Session replay was added before.</exception>
    public static ISessionReplayBuilder AddSessionReplay(this IServiceCollection services, Action<SessionReplayOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, null, configure);
    }

    /// <summary>Adds session replay with settings from the configuration, changed by code.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="section">The section <c>SessionReplay</c>, or the whole configuration that holds it.</param>
    /// <param name="configure">Changes the options after the configuration was bound.</param>
    /// <returns>A builder that adapters hang on. What is registered in code wins over what the configuration chooses.</returns>
    /// <exception cref="InvalidOperationException">The configuration chooses an adapter that is unknown, not referenced or of another version, or a role that is unknown; or session replay was added before.</exception>
    public static ISessionReplayBuilder AddSessionReplay(
        this IServiceCollection services, IConfiguration section, Action<SessionReplayOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(section);
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, section, configure);
    }

    private static SessionReplayBuilder Add(IServiceCollection services, IConfiguration? configuration, Action<SessionReplayOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(service => service.ServiceType == typeof(SettingsPath)))
        {
            throw new InvalidOperationException("AddSessionReplay was called before; call it once and use the builder that it returned.");
        }

        var reads = new SettingReads();
        var settings = configuration as IConfigurationSection ?? configuration?.GetSection(SectionName);
        var section = settings is null ? null : new TrackedSection(settings, reads);
        var root = new SettingsPath(section?.Path ?? SectionName);
        services.AddSingleton(root);
        var options = services.AddOptionsWithValidateOnStart<SessionReplayOptions, SessionReplayOptionsValidator>();
        var snapshot = new SessionReplayOptions();
        if (section is not null)
        {
            RolesText.Check(section);
            options.Bind(section);
            OptionsConversion.Explain(() => section.Bind(snapshot));
        }

        if (configure is not null)
        {
            options.Configure(configure);
            configure(snapshot);
        }

        // Registered before the adapters' own, so that these do not vanish with an adapter that gives way to another.
        services.AddLogging();
        services.AddHealthChecks();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<DataPaths>();
        EmbeddedPaths.Add(services);
        GuardedServices.Add(services);

        var parts = new DefaultableServices(services, (target, part) => AddConfigured(target, part, section, root));
        parts.AddDefaults();
        services.AddSingleton(new UnusedSettings(settings, reads, parts.IsDefault));
        var builder = new SessionReplayBuilder(parts);
        AddRoles(builder, section, snapshot.Roles);
        return builder;
    }

    private static void AddRoles(SessionReplayBuilder builder, IConfigurationSection? section, SessionReplayRoles roles)
    {
        builder.AddCrypto(section is null ? null : options => section.GetSection("Crypto").Bind(options), GuardedServices.Key);
        builder.Services.TryAddSingleton<SessionReplayLocation>();
        builder.Services.TryAddSingleton<IWriteKeyStore, ConfiguredWriteKeyStore>();
        builder.Services.AddHostedService<StartupCheck>();
        builder.Services.AddHostedService<MappingCheck>();
        if ((roles & (SessionReplayRoles.Ingest | SessionReplayRoles.Playback)) != 0)
        {
            AddKeyManagementCheck(builder.Services);
        }

        if (roles.HasFlag(SessionReplayRoles.Ingest))
        {
            IngestRegistration.AddIngest(builder);
        }

        if (roles.HasFlag(SessionReplayRoles.Worker))
        {
            WorkerRegistration.AddWorker(builder);
        }

        if (roles.HasFlag(SessionReplayRoles.Playback))
        {
            PlaybackRegistration.AddPlayback(builder);
        }
    }

    private static void AddKeyManagementCheck(IServiceCollection services)
    {
        // A key store of the application may be one that cannot list its keys.
        services.TryAddSingleton(static provider => new KeyManagementProbe(
            provider.GetRequiredKeyedService<IKeyManagementService>(GuardedServices.Key),
            provider.GetService<IKeyRotationStore>() is null ? null : provider.GetRequiredKeyedService<IKeyRotationStore>(GuardedServices.Key),
            provider.GetRequiredService<TimeProvider>()));
        services.AddHealthChecks().AddCheck<KeyManagementHealthCheck>(KeyManagementHealthCheck.Name, tags: ["session-replay", "ready"]);
        services.AddHostedService<KeyManagementStart>();
    }

    private static void AddConfigured(IServiceCollection services, string part, IConfigurationSection? root, SettingsPath names)
    {
        var section = (root ?? new ConfigurationBuilder().Build().GetSection(SectionName)).GetSection(part);
        var name = section["Provider"] ?? Parts.DefaultAdapter(part);
        var adapter = AdapterResolver.Resolve(part, name, $"{names.Value}:{part}:Provider");
        adapter.Configure(new SessionReplayBuilder(services), section.GetSection(name));
    }
}
