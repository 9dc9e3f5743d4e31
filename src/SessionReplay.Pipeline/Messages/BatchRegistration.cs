using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SessionReplay.Pipeline.Batches;
using SessionReplay.Pipeline.Sanitizing;

namespace SessionReplay.Pipeline.Messages;

/// <summary>Registers what sanitizes, seals and publishes batches.</summary>
public static class BatchRegistration
{
    /// <summary>Adds <see cref="BatchSanitizer"/>, <see cref="AssetSanitizer"/> and <see cref="BatchPublisher"/>.</summary>
    /// <param name="services">The application's services.</param>
    public static void AddBatches(IServiceCollection services)
    {
        services.TryAddSingleton<Sanitizer>();
        services.TryAddSingleton<BatchSanitizer>();
        services.TryAddSingleton<AssetSanitizer>();
        services.TryAddSingleton<CatalogRoom>();
        services.TryAddSingleton<BatchPublisher>();
    }
}
