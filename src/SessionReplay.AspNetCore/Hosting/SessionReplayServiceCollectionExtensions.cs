using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SessionReplay;
using SessionReplay.AspNetCore;
using SessionReplay.AspNetCore.Ingest;
using SessionReplay.AspNetCore.Playback;
using SessionReplay.Ingest;
using SessionReplay.Pipeline.Keys;
using SessionReplay.Pipeline.Lifecycle;
using SessionReplay.Pipeline.Resilience;
using SessionReplay.Pipeline.Worker;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds session replay to an application.</summary>
public static class SessionReplayServiceCollectionExtensions
{
    private const string SectionName = "SessionReplay";

    /// <summary>Adds session replay with settings from the configuration.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="section">The section <c>SessionReplay</c>, or the whole configuration that holds it.</param>
    /// <returns>A builder that adapters hang on. What is registered in code wins over what the configuration chooses.</returns>
    /// <exception cref="InvalidOperationException">The configuration chooses an adapter that is unknown, not referenced or of another
    /// version, or a role that is unknown; or session replay was added before.</exception>
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
    /// <exception cref="InvalidOperationException">The configuration chooses an adapter that is unknown, not referenced or of another
    /// version, or a role that is unknown; or session replay was added before.</exception>
    public static ISessionReplayBuilder AddSessionReplay(
        this IServiceCollection services, IConfiguration section, Action<SessionReplayOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(section);
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, section, configure);
    }

    private static SessionReplayBuilder Add(
        IServiceCollection services, IConfiguration? configuration, Action<SessionReplayOptions>? configure)
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

        AddShared(services);
        var builder = new SessionReplayBuilder(services);
        builder.UseConfiguredAdapters(section ?? (IConfigurationSection)new ConfigurationBuilder().Build().GetSection(SectionName));
        services.AddSingleton(builder);
        services.AddSingleton(new UnusedSettings(settings, reads, builder.IsConfigured));
        AddRoles(builder, section, snapshot.Roles);
        return builder;
    }

    /// <summary>
    /// Registers what several adapters may register, and before them: what an adapter registers is removed if another takes its place.
    /// </summary>
    private static void AddShared(IServiceCollection services)
    {
        services.AddLogging();
        services.AddMetrics();
        services.AddHealthChecks();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<DataPaths>();
        EmbeddedPaths.Add(services);
        OptionsOfSlices.Add(services);
        GuardedServices.Add(services);
    }

    private static void AddRoles(SessionReplayBuilder builder, IConfigurationSection? section, SessionReplayRoles roles)
    {
        builder.AddCrypto(section is null ? null : options => section.GetSection("Crypto").Bind(options), GuardedServices.Key);
        builder.Services.TryAddSingleton<SessionReplayLocation>();
        builder.Services.TryAddSingleton<IWriteKeyStore, ConfiguredWriteKeyStore>();
        builder.Services.TryAddSingleton<PlaybackCheck>();
        builder.Services.AddHostedService<StartupCheck>();
        builder.Services.AddHostedService<AdapterCheck>();
        builder.Services.AddHostedService<MappingCheck>();
        if ((roles & (SessionReplayRoles.Ingest | SessionReplayRoles.Playback)) != 0)
        {
            KeyManagementRegistration.AddCheck(builder.Services);
        }

        if (roles.HasFlag(SessionReplayRoles.Ingest))
        {
            IngestRegistration.AddIngest(builder.Services);
        }

        if (roles.HasFlag(SessionReplayRoles.Worker))
        {
            WorkerRegistration.AddWorker(builder.Services);
            LifecycleRegistration.AddSweeps(builder.Services);
        }

        if (roles.HasFlag(SessionReplayRoles.Playback))
        {
            PlaybackRegistration.AddPlayback(builder.Services);
        }
    }
}
