using Microsoft.Extensions.DependencyInjection;

namespace SessionReplay.Testing;

/// <summary>Takes the registrations of an adapter on its own, without the rest of the application.</summary>
public sealed class TestBuilder : ISessionReplayBuilder
{
    public IServiceCollection Services { get; } = new ServiceCollection();
}
