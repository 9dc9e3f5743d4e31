using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace SessionReplay.AspNetCore;

/// <summary>
/// Composes the adapters: one of each kind, and the last one that was used counts. First come those that the configuration names, or the
/// embedded ones, and then the application's own (docs/adr/0013-one-adapter-of-a-kind.md).
/// </summary>
internal sealed class SessionReplayBuilder(IServiceCollection services) : ISessionReplayBuilder, ISessionReplayAdapterSource
{
    private readonly Dictionary<AdapterKind, List<ServiceDescriptor>> _adapters = [];
    private readonly HashSet<AdapterKind> _configured = [];

    public IServiceCollection Services { get; } = services;

    public ISessionReplayBuilder UseAdapter(AdapterKind kind, Action<IServiceCollection> register)
    {
        ArgumentNullException.ThrowIfNull(register);
        foreach (var service in _adapters.GetValueOrDefault(kind) ?? [])
        {
            Services.Remove(service);
        }

        if (Find(kind) is not null)
        {
            throw new InvalidOperationException(
                $"The application registers {AdapterKinds.ServiceOf(kind).Name} itself, so the {kind} adapter would not be used. Keep one of the two.");
        }

        var others = Services.ToList();
        register(Services);
        _adapters[kind] = [.. Services.Except(others)];
        _configured.Remove(kind);
        return this;
    }

    public ISessionReplayAdapter FindAdapter(AdapterKind kind, string name, string path) => AdapterResolver.Resolve(kind, name, path);

    /// <summary>Uses the adapters that the configuration names, or the embedded ones, where the application has registered none.</summary>
    /// <param name="settings">The section <c>SessionReplay</c>, or an empty one.</param>
    public void UseConfiguredAdapters(IConfigurationSection settings)
    {
        foreach (var kind in AdapterKinds.All.Where(kind => Find(kind) is null))
        {
            var section = settings.GetSection(kind.ToString());
            var name = section["Provider"] ?? AdapterKinds.DefaultAdapter(kind);
            FindAdapter(kind, name, $"{section.Path}:Provider").Configure(this, section.GetSection(name));
            _configured.Add(kind);
        }
    }

    /// <summary>Whether the configuration, and not the application's code, chooses the adapter of a kind.</summary>
    public bool IsConfigured(AdapterKind kind) => _configured.Contains(kind);

    /// <summary>Finds the adapters beside which the application has registered another service of their kind.</summary>
    public IEnumerable<AdapterKind> FindOverridden() =>
        _adapters.Where(adapter => Find(adapter.Key) is { } service && !adapter.Value.Contains(service)).Select(adapter => adapter.Key);

    /// <summary>The registration of a kind's service that counts.</summary>
    private ServiceDescriptor? Find(AdapterKind kind) =>
        Services.LastOrDefault(service => service.ServiceType == AdapterKinds.ServiceOf(kind) && !service.IsKeyedService);
}
