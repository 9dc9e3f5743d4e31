using Microsoft.Extensions.DependencyInjection;

namespace SessionReplay.AspNetCore.Resilience;

/// <summary>Asks for the service behind its <see cref="Circuit"/>, and not for the adapter itself.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class GuardedAttribute() : FromKeyedServicesAttribute(GuardedServices.Key);
