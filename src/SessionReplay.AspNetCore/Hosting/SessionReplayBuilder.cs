using Microsoft.Extensions.DependencyInjection;

namespace SessionReplay.AspNetCore;

/// <inheritdoc/>
internal sealed class SessionReplayBuilder(IServiceCollection services) : ISessionReplayBuilder
{
    public IServiceCollection Services { get; } = services;
}
