using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace SessionReplay.Testing;

/// <summary>Takes the registrations of an adapter on its own, without the rest of the application. What it logs goes nowhere.</summary>
public sealed class TestBuilder : ISessionReplayBuilder
{
    public IServiceCollection Services { get; } = new ServiceCollection()
        .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
        .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);

    public ISessionReplayBuilder UseAdapter(AdapterKind kind, Action<IServiceCollection> register)
    {
        register(Services);
        return this;
    }
}
