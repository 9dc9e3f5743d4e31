using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using SessionReplay.Storage;
using SessionReplay.Storage.Replication;

namespace SessionReplay;

/// <summary>Adds the replicated blob store.</summary>
public static class ReplicatedStorageBuilderExtensions
{
    private static readonly string[] Tags = ["session-replay", "ready"];

    /// <summary>
    /// Keeps recordings in several stores at once, for instance in several regions; reads and writes go on when one of them is lost.
    /// </summary>
    /// <param name="builder">The builder that <c>AddSessionReplay</c> returned.</param>
    /// <param name="addMembers">Adds the members, 2 to 8; the first is the primary, which is read first.</param>
    /// <param name="configure">Sets the options; see <see cref="ReplicatedStorageOptions"/>.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">There are fewer than 2 members or more than 8, or two have one name.</exception>
    public static ISessionReplayBuilder AddReplicatedStorage(
        this ISessionReplayBuilder builder, Action<ReplicatedStorageMembers> addMembers,
        Action<ReplicatedStorageOptions>? configure = null) =>
        builder.AddReplicatedStorage("SessionReplay:Storage:Replicated", addMembers, configure);

    internal static ISessionReplayBuilder AddReplicatedStorage(
        this ISessionReplayBuilder builder, string path, Action<ReplicatedStorageMembers> addMembers,
        Action<ReplicatedStorageOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(addMembers);
        var members = new ReplicatedStorageMembers();
        addMembers(members);
        var registrations = members.Registrations;
        if (registrations.Count is < 2 or > ReplicaSet.MaxMembers)
        {
            throw new ArgumentException(
                $"A replicated store has 2 to {ReplicaSet.MaxMembers} members, not {registrations.Count}.", nameof(addMembers));
        }

        return builder.UseAdapter(AdapterKind.Storage, services =>
        {
            services.AddCheckedOptions(new ReplicatedStorageOptionsValidator(path), configure);
            services.Configure<ReplicatedStorageOptions>(options => options.MemberCount = registrations.Count);
            services.TryAddSingleton(TimeProvider.System);
            services.TryAddSingleton(provider => ReplicaSet.Create(provider, services, registrations));
            services.TryAddSingleton<MissedOperations>();
            services.TryAddSingleton<ReplicatedBlobStore>();
            services.TryAddSingleton<IBlobStore>(static provider => provider.GetRequiredService<ReplicatedBlobStore>());
            services.TryAddSingleton<Reconciler>();
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ReconcileService>());
            services.AddHealthChecks().AddCheck<ReplicatedStorageHealthCheck>("session-replay-storage-replicated", tags: Tags);
            foreach (var registration in registrations)
            {
                services.AddHealthChecks().Add(new HealthCheckRegistration(
                    $"session-replay-storage-replicated-{registration.Name}",
                    provider =>
                        new MemberHealthCheck(
                            provider.GetRequiredService<ReplicaSet>().Members.First(member => member.Name == registration.Name)),
                    HealthStatus.Degraded,
                    ["session-replay"]));
            }
        });
    }
}
