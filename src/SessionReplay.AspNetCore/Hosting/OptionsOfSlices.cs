using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SessionReplay.Pipeline.Lifecycle;

namespace SessionReplay.AspNetCore;

/// <summary>Gives each slice its own section of <see cref="SessionReplayOptions"/>, so that none depends on the others' options.</summary>
internal static class OptionsOfSlices
{
    public static void Add(IServiceCollection services)
    {
        Add(services, static options => options.Ingest);
        Add(services, static options => options.Worker);
        Add(services, static options => options.Sessions);
        Add(services, static options => options.Playback);
        Add(services, static options => options.Resilience);
        Add(services, static options => options.Sanitizing);
        services.AddSingleton<IReadOnlyList<TenantOptions>>(
            static provider => new ReadOnlyCollection<TenantOptions>(Root(provider).Tenants));
        services.AddSingleton<IReadOnlyList<ITenantRetention>>(
            static provider => provider.GetRequiredService<IReadOnlyList<TenantOptions>>());
    }

    private static void Add<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(
        IServiceCollection services, Func<SessionReplayOptions, T> options)
        where T : class =>
        services.AddSingleton(provider => Options.Create(options(Root(provider))));

    private static SessionReplayOptions Root(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<SessionReplayOptions>>().Value;
}
