using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.Catalog;

namespace SessionReplay.AspNetCore.Lifecycle;

/// <summary>Deletes sessions past their tenant's retention.</summary>
internal sealed class RetentionSweep([Guarded] ISessionLifecycle lifecycle, SessionDeletion deletion, IOptions<SessionReplayOptions> options, TimeProvider clock)
{
    private const int BatchSize = 100;

    /// <returns>How many sessions were deleted.</returns>
    public async ValueTask<int> RunAsync(CancellationToken cancellationToken)
    {
        var deleted = 0;
        foreach (var tenant in options.Value.Tenants)
        {
            var before = clock.GetUtcNow() - TimeSpan.FromDays(tenant.RetentionDays);
            while (true)
            {
                var expired = await lifecycle.ListExpiredAsync(new(tenant.Id), before, BatchSize, cancellationToken).ConfigureAwait(false);
                foreach (var row in expired)
                {
                    await deletion.DeleteAsync(row.Session, "retention", cancellationToken).ConfigureAwait(false);
                    deleted++;
                }

                if (expired.Count < BatchSize)
                {
                    break;
                }
            }
        }

        return deleted;
    }
}
