using Microsoft.Extensions.DependencyInjection;

namespace SessionReplay.Pipeline.Resilience;

/// <summary>Asks for the service behind its <see cref="DependencyPipeline"/>, and not for the adapter itself.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class GuardedAttribute() : FromKeyedServicesAttribute(GuardedServices.Key);
