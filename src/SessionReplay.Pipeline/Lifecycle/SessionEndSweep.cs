using Microsoft.Extensions.Options;
using SessionReplay.Catalog;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>Ends sessions that are idle or too long, and removes quotas whose time is over.</summary>
internal sealed class SessionEndSweep(
    [Guarded] ISessionLifecycle lifecycle, [Guarded] IQuotaStore quotas, IOptions<SessionLifecycleOptions> options, TimeProvider clock)
{
    public async ValueTask RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await lifecycle.EndSessionsAsync(now - options.Value.IdleTimeout, now - options.Value.MaxDuration, now, cancellationToken)
            .ConfigureAwait(false);
        await quotas.RemoveEndedAsync(now, cancellationToken).ConfigureAwait(false);
    }
}
