using Microsoft.Extensions.DependencyInjection;

namespace SessionReplay;

/// <summary>Finds what an option <c>ServiceKey</c> names.</summary>
internal static class ServiceKeyExtensions
{
    /// <summary>Gets a client that the application has registered.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="serviceKey">Its key; an empty text means the one without a key.</param>
    internal static TClient GetClient<TClient>(this IServiceProvider services, string serviceKey)
        where TClient : notnull =>
        serviceKey.Length == 0 ? services.GetRequiredService<TClient>() : services.GetRequiredKeyedService<TClient>(serviceKey);
}
