using Microsoft.Extensions.DependencyInjection;

namespace SessionReplay.AspNetCore;

/// <inheritdoc/>
internal sealed class SessionReplayBuilder(IServiceCollection services) : ISessionReplayBuilder, ISessionReplayAdapterSource
{
    public IServiceCollection Services { get; } = services;

    public ISessionReplayAdapter FindAdapter(string part, string name, string path) => AdapterResolver.Resolve(part, name, path);
}
