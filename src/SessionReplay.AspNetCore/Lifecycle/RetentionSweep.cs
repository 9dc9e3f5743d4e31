using Microsoft.Extensions.Options;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.Catalog;

namespace SessionReplay.AspNetCore.Lifecycle;

/// <summary>Deletes sessions past their tenant's retention, and finishes deletions that were interrupted.</summary>
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
                var done = 0;
                foreach (var row in expired)
                {
                    // While the store is away the keys go all the same.
                    done += await deletion.DeleteAsync(row.Session, "retention", cancellationToken).ConfigureAwait(false) ? 1 : 0;
                }

                deleted += done;
                if (done < BatchSize)
                {
                    break;
                }
            }
        }

        return deleted;
    }
}
