using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SessionReplay;

/// <summary>Registers the options of adapters.</summary>
internal static class OptionsRegistration
{
    /// <summary>Registers options that are checked at the start.</summary>
    /// <param name="services">Takes the registrations.</param>
    /// <param name="validator">Checks the options; it knows the section that its errors name.</param>
    /// <param name="configure">Changes the options.</param>
    internal static void AddCheckedOptions<[DynamicallyAccessedMembers(
        DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        this IServiceCollection services, IValidateOptions<TOptions> validator, Action<TOptions>? configure)
        where TOptions : class
    {
        services.AddSingleton(validator);
        var options = services.AddOptionsWithValidateOnStart<TOptions>();
        if (configure is not null)
        {
            options.Configure(values => OptionsConversion.Explain(() => configure(values)));
        }
    }
}
