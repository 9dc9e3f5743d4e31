using Microsoft.Extensions.DependencyInjection;

namespace SessionReplay;

/// <summary>What <c>AddSessionReplay</c> returns: adapters hang their extension methods on it.</summary>
public interface ISessionReplayBuilder
{
    /// <summary>Gets the services of the application.</summary>
    IServiceCollection Services { get; }
}
