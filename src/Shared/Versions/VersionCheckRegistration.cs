using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SessionReplay.Versions;

/// <summary>Registers checks of the versions of databases.</summary>
internal static class VersionCheckRegistration
{
    /// <param name="services">Takes the registration.</param>
    /// <param name="find">Gives what throws <see cref="NewerDatabaseException"/> if a newer version has changed the database.</param>
    public static void AddVersionCheck(
        this IServiceCollection services, Func<IServiceProvider, Func<CancellationToken, ValueTask>> find) =>
        services.AddSingleton<IHostedService>(provider => new SchemaVersionCheck(
            cancellationToken => find(provider)(cancellationToken), provider.GetRequiredService<ILogger<SchemaVersionCheck>>()));
}
