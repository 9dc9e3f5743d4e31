using Microsoft.Extensions.DependencyInjection;

namespace SessionReplay.Storage.Replication;

/// <summary>Takes the registrations of one member's adapter, apart from those of the application and of the other members.</summary>
internal sealed class MemberBuilder : ISessionReplayBuilder
{
    public IServiceCollection Services { get; } = new ServiceCollection();

    public ISessionReplayBuilder UseAdapter(AdapterKind kind, Action<IServiceCollection> register)
    {
        register(Services);
        return this;
    }
}
