using Microsoft.Extensions.DependencyInjection;

namespace SessionReplay;

/// <summary>What <c>AddSessionReplay</c> returns: adapters hang their extension methods on it.</summary>
public interface ISessionReplayBuilder
{
    /// <summary>Gets the services of the application.</summary>
    IServiceCollection Services { get; }

    /// <summary>
    /// Uses an adapter for all that its kind provides, in place of the one before: that of the configuration, the embedded default, or
    /// another from code.
    /// </summary>
    /// <param name="kind">What the adapter provides.</param>
    /// <param name="register">
    /// Registers the adapter on <see cref="Services"/>: its services, options and health check. All that it adds is removed again if
    /// another adapter of this kind is used later.
    /// </param>
    /// <returns>The builder.</returns>
    /// <exception cref="InvalidOperationException">The application has registered the kind's service itself, without this
    /// method.</exception>
    ISessionReplayBuilder UseAdapter(AdapterKind kind, Action<IServiceCollection> register);
}
