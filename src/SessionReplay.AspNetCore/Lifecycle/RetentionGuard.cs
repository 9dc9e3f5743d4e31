using Microsoft.Extensions.Logging;
using SessionReplay.AspNetCore.Resilience;
using SessionReplay.Catalog;

namespace SessionReplay.AspNetCore.Lifecycle;

/// <summary>
/// Asks for an operator's word before much of a tenant is destroyed at once. Sweeps that run on time find sessions that fell due moments ago. Sessions that are
/// long overdue mean that the clock jumped, that no sweep ran, or that the retention was shortened.
/// </summary>
internal sealed class RetentionGuard([Guarded] ISessionLifecycle lifecycle, TimeProvider clock, ILogger<RetentionGuard> logger)
{
    /// <summary>How long a session may be overdue before it counts.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromDays(2);

    /// <summary>Which share of a tenant's sessions may be overdue, in percent.</summary>
    public const int MaxSharePercent = 10;

    /// <summary>By how much the clock may leave the time that has passed.</summary>
    public static readonly TimeSpan MaxDrift = TimeSpan.FromHours(1);

    /// <summary>How long nothing is deleted after the clock jumped, and after what time a tenant that is stopped is logged again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    private readonly Dictionary<TenantId, long> _logged = [];
    private DateTimeOffset _time = clock.GetUtcNow();
    private long _timestamp = clock.GetTimestamp();
    private long? _jumped;

    /// <summary>Compares the clock with the time that has passed since the last call.</summary>
    /// <returns>Whether the clock goes as it should, and has for an hour.</returns>
    public bool IsClockSteady()
    {
        var (time, timestamp) = (clock.GetUtcNow(), clock.GetTimestamp());
        var jump = time - _time - clock.GetElapsedTime(_timestamp, timestamp);
        (_time, _timestamp) = (time, timestamp);
        if (jump.Duration() > MaxDrift)
        {
            Log.ClockJumped(logger, jump, Pause);
            Telemetry.RetentionStops.Add(1, new KeyValuePair<string, object?>("sessionreplay.reason", "clock"));
            _jumped = timestamp;
        }

        return _jumped is not { } at || clock.GetElapsedTime(at, timestamp) >= Pause;
    }

    /// <summary>Decides whether a tenant's sessions may be deleted without an operator's word.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="due">Sessions whose last batch was received before are due.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<bool> MayDeleteAsync(TenantId tenant, DateTimeOffset due, CancellationToken cancellationToken)
    {
        // Sweeps that run on time find none, and need not count.
        if ((await lifecycle.ListExpiredAsync(tenant, due - Grace, 1, cancellationToken).ConfigureAwait(false)).Count == 0)
        {
            _logged.Remove(tenant);
            return true;
        }

        var (overdue, all) = await lifecycle.CountExpiredAsync(tenant, due - Grace, cancellationToken).ConfigureAwait(false);
        if (overdue * 100 <= all * MaxSharePercent)
        {
            _logged.Remove(tenant);
            return true;
        }

        if (!_logged.TryGetValue(tenant, out var at) || clock.GetElapsedTime(at) >= Pause)
        {
            _logged[tenant] = clock.GetTimestamp();
            Log.RetentionStopped(logger, tenant, overdue, all, Grace, clock.GetUtcNow());
        }

        Telemetry.RetentionStops.Add(1, new KeyValuePair<string, object?>("sessionreplay.reason", "share"));
        return false;
    }
}
