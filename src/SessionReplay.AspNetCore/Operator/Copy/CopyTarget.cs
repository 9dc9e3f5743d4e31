using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SessionReplay.AspNetCore.Operator.Copy;

/// <summary>Composes the adapters of the configuration that is copied to, as <c>AddSessionReplay</c> does; nothing is started.</summary>
internal static class CopyTarget
{
    private const string FileExtension = ".json";

    /// <param name="name">A JSON file with the section <c>SessionReplay</c>, or a section of the application's configuration.</param>
    /// <param name="application">The services of the application.</param>
    /// <param name="configure">Registers adapters of the target in code.</param>
    /// <exception cref="InvalidOperationException">There is no such file or section.</exception>
    /// <exception cref="OptionsValidationException">An option is unknown, or out of range.</exception>
    public static ServiceProvider Build(string name, IServiceProvider application, Action<ISessionReplayBuilder>? configure)
    {
        var environment = application.GetRequiredService<IHostEnvironment>();
        var configuration = application.GetRequiredService<IConfiguration>();
        var services = new ServiceCollection();
        services.AddSingleton(environment);
        services.AddSingleton(configuration);
        services.AddSingleton(application.GetRequiredService<ILoggerFactory>());
        var builder = services.AddSessionReplay(Find(name, environment, configuration));
        configure?.Invoke(builder);
        var target = services.BuildServiceProvider();
        target.GetService<IStartupValidator>()?.Validate();
        return target.GetRequiredService<UnusedSettings>().FindErrors() is { Count: > 0 } unknown
            ? throw new OptionsValidationException(Options.DefaultName, typeof(SessionReplayOptions), unknown)
            : target;
    }

    private static IConfiguration Find(string name, IHostEnvironment environment, IConfiguration configuration)
    {
        if (name.EndsWith(FileExtension, StringComparison.OrdinalIgnoreCase))
        {
            var path = Path.GetFullPath(name, environment.ContentRootPath);
            return File.Exists(path)
                ? new ConfigurationBuilder().AddJsonFile(path, optional: false, reloadOnChange: false).Build()
                : throw new InvalidOperationException($"There is no file {path}.");
        }

        var section = configuration.GetSection(name);
        return section.Exists()
            ? section
            : throw new InvalidOperationException(
                $"The configuration has no section '{name}'. To name a file, end it with {FileExtension}.");
    }
}
