using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SessionReplay.AspNetCore;

/// <summary>Warns at the start of services that the application has registered beside an adapter, instead of another adapter.</summary>
internal sealed class AdapterCheck(SessionReplayBuilder builder, ILogger<AdapterCheck> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var kind in builder.FindOverridden())
        {
            Log.AdapterOverridden(logger, AdapterKinds.ServiceOf(kind).Name, kind);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
