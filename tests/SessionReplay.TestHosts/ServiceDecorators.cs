using Microsoft.Extensions.DependencyInjection;

namespace SessionReplay.TestHosts;

/// <summary>Puts something before a service that is registered.</summary>
public static class ServiceDecorators
{
    public static void Decorate<T>(this IServiceCollection services, Func<T, T> decorate)
        where T : class
    {
        var inner = services.Last(static service => service.ServiceType == typeof(T) && !service.IsKeyedService);
        services.AddSingleton(provider => decorate((T)(inner.ImplementationInstance ?? inner.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!))));
    }
}
