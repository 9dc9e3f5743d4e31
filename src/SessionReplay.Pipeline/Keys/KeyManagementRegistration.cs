using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SessionReplay.Keys;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.Pipeline.Keys;

/// <summary>Registers what checks the key management at the start and on request.</summary>
public static class KeyManagementRegistration
{
    /// <summary>Adds the health check <c>session-replay-key-management</c> and the check at the start.</summary>
    /// <param name="services">The application's services.</param>
    public static void AddCheck(IServiceCollection services)
    {
        // A key store of the application may be one that cannot list its keys.
        services.TryAddSingleton(static provider => new KeyManagementProbe(
            provider.GetRequiredKeyedService<IKeyManagementService>(GuardedServices.Key),
            provider.GetService<IKeyRotationStore>() is null
                ? null
                : provider.GetRequiredKeyedService<IKeyRotationStore>(GuardedServices.Key),
            provider.GetRequiredService<TimeProvider>()));
        services.AddHealthChecks().AddCheck<KeyManagementHealthCheck>(KeyManagementHealthCheck.Name, tags: ["session-replay", "ready"]);
        services.AddHostedService<KeyManagementStart>();
    }
}
