using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SessionReplay.Storage.Blobs;

namespace SessionReplay.Storage.Replication;

/// <summary>The members, each with services of its own, so that two of the same adapter have different settings.</summary>
internal sealed class ReplicaSet(IReadOnlyList<Replica> members, IReadOnlyList<ServiceProvider> providers) : IAsyncDisposable
{
    public const int MaxMembers = 8;

    /// <summary>The members in the order of the configuration, the primary first.</summary>
    public IReadOnlyList<Replica> Members { get; } = members;

    public static ReplicaSet Create(
        IServiceProvider application, IServiceCollection applicationServices, IReadOnlyList<MemberRegistration> registrations)
    {
        var options = application.GetRequiredService<IOptions<ReplicatedStorageOptions>>().Value;
        var clock = application.GetRequiredService<TimeProvider>();
        var providers = new List<ServiceProvider>();
        var members = new List<Replica>();
        foreach (var registration in registrations)
        {
            var provider = Build(application, applicationServices, registration);
            providers.Add(provider);
            try
            {
                provider.GetService<IStartupValidator>()?.Validate();
            }
            catch (OptionsValidationException e)
            {
                throw new OptionsValidationException(
                    e.OptionsName, e.OptionsType, e.Failures.Select(failure => $"{registration.Path} ({registration.Name}): {failure}"));
            }

            var store = provider.GetService<IBlobStore>()
                ?? throw new InvalidOperationException(
                    $"{registration.Path} ({registration.Name}) registers no blob store. Add a storage adapter to it, for instance with AddS3Storage.");
            members.Add(new Replica(registration.Name, store, provider.GetRequiredService<HealthCheckService>(), options, clock));
        }

        ThrowIfShared(registrations, providers);
        return new(members, providers);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var provider in providers)
        {
            await provider.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static ServiceProvider Build(
        IServiceProvider application, IServiceCollection applicationServices, MemberRegistration registration)
    {
        var member = new MemberBuilder();
        var services = member.Services;
        services.AddSingleton(application.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddSingleton(application.GetRequiredService<TimeProvider>());
        services.AddOptions();
        services.AddHealthChecks();

        // The application's own clients (the adapters' ServiceKey) serve members too.
        foreach (var client in applicationServices.Where(
            service => service is { IsKeyedService: true, ServiceType.IsGenericTypeDefinition: false }))
        {
            services.Add(
                new ServiceDescriptor(
                    client.ServiceType, client.ServiceKey, (_, key) => application.GetRequiredKeyedService(client.ServiceType, key),
                    ServiceLifetime.Transient));
        }

        // A local member lies where the application keeps its files: a relative path begins at the content root.
        foreach (var place in application.GetServices<IPostConfigureOptions<LocalBlobStoreOptions>>())
        {
            services.AddSingleton(place);
        }

        registration.Configure(member);
        return services.BuildServiceProvider();
    }

    /// <summary>Two members on one folder would be one copy that looks like two.</summary>
    private static void ThrowIfShared(IReadOnlyList<MemberRegistration> registrations, IReadOnlyList<ServiceProvider> providers)
    {
        var folders = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < providers.Count; i++)
        {
            if (providers[i].GetService<LocalBlobStore>() is null)
            {
                continue;
            }

            var folder = Path.GetFullPath(providers[i].GetRequiredService<IOptions<LocalBlobStoreOptions>>().Value.Path);
            if (!folders.TryAdd(folder, registrations[i].Name))
            {
                throw new InvalidOperationException(
                    $"{registrations[i].Path} ({registrations[i].Name}) keeps its objects in the folder of '{folders[folder]}'. Give each local member a Path of its own.");
            }
        }
    }
}
