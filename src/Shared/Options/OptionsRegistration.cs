using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace SessionReplay;

/// <summary>Registers the options of adapters.</summary>
internal static class OptionsRegistration
{
    /// <summary>Registers options that are checked at the start.</summary>
    /// <param name="services">Takes the registrations.</param>
    /// <param name="usualPath">The section that errors name, unless <see cref="AddOptionsPath"/> was called before with the real one.</param>
    /// <param name="configure">Changes the options.</param>
    internal static void AddCheckedOptions<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions, TValidator>(
        this IServiceCollection services, string usualPath, Action<TOptions>? configure)
        where TOptions : class
        where TValidator : IValidateOptions<TOptions>, new()
    {
        services.TryAddSingleton(new OptionsPath<TOptions>(usualPath));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>, PathValidator<TOptions, TValidator>>());
        var options = services.AddOptionsWithValidateOnStart<TOptions>();
        if (configure is not null)
        {
            options.Configure(values => OptionsConversion.Explain(() => configure(values)));
        }
    }

    /// <summary>Tells from which section an adapter's options are read: that of a member of a replicated store is not the usual one.</summary>
    internal static void AddOptionsPath<TOptions>(this IServiceCollection services, IConfigurationSection section) =>
        services.AddSingleton(new OptionsPath<TOptions>(section.Path));
}
