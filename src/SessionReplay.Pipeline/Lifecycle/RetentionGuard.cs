using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SessionReplay.Catalog;
using SessionReplay.Pipeline.Resilience;

namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>
/// Asks for an operator's word before much of a tenant is destroyed at once. Sweeps that run on time find sessions that fell due moments
/// ago. Sessions that are long overdue mean that the clock is wrong, that no sweep ran, or that the retention was shortened. Grace and
/// share are parts of the retention, so that a wrong clock destroys at most about a tenth of a tenant whose sessions came evenly.
/// </summary>
internal sealed class RetentionGuard(
    [Guarded] ISessionLifecycle lifecycle, IOptions<SessionLifecycleOptions> options, IReadOnlyList<ITenantRetention> tenants,
    TimeProvider clock, ILogger<RetentionGuard> logger)
{
    /// <summary>How long a session may be overdue before it counts, in percent of the retention, …</summary>
    public const int MaxGracePercent = 5;

    /// <summary>Which share of a tenant's sessions may be overdue, in percent.</summary>
    public const int MaxSharePercent = 5;

    /// <summary>… and at most.</summary>
    public static readonly TimeSpan MaxGrace = TimeSpan.FromDays(2);

    /// <summary>By how much the clock may leave the time that has passed, or what the databases have seen.</summary>
    public static readonly TimeSpan MaxDrift = TimeSpan.FromHours(1);

    /// <summary>After what time without a jump a clock is believed that nothing else confirms.</summary>
    public static readonly TimeSpan ProofTime = TimeSpan.FromDays(1);

    /// <summary>How long nothing is deleted after the clock jumped, and after what time the same is logged again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    private readonly Dictionary<TenantId, long> _logged = [];
    private DateTimeOffset _time = clock.GetUtcNow();
    private long _timestamp = clock.GetTimestamp();
    private long _steadySince = clock.GetTimestamp();
    private long? _jumped;
    private long? _clockLogged;
    private bool _confirmed;

    /// <summary>How long a session of the tenant may be overdue before it counts; two sweeps at least.</summary>
    public TimeSpan GraceOf(ITenantRetention tenant)
    {
        var part = TimeSpan.FromDays(tenant.RetentionDays) * MaxGracePercent / 100;
        var least = 2 * options.Value.SweepInterval;
        return part > MaxGrace ? MaxGrace : part > least ? part : least;
    }

    /// <summary>
    /// Compares the clock with the time that has passed since the last call, and once after each start and jump with the database server's,
    /// or else with the newest batch that was received.
    /// </summary>
    /// <returns>Whether the clock goes as it should, and has for an hour.</returns>
    public async ValueTask<bool> IsClockRightAsync(CancellationToken cancellationToken) =>
        IsClockSteady() && (_confirmed || await IsConfirmedAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>Decides whether a tenant's sessions may be deleted without an operator's word.</summary>
    public async ValueTask<bool> MayDeleteAsync(ITenantRetention tenant, CancellationToken cancellationToken)
    {
        var (id, grace) = (new TenantId(tenant.Id), GraceOf(tenant));
        var overdueSince = clock.GetUtcNow() - TimeSpan.FromDays(tenant.RetentionDays) - grace;

        // Sweeps that run on time find none, and need not count.
        if ((await lifecycle.ListExpiredAsync(id, overdueSince, 1, cancellationToken).ConfigureAwait(false)).Count == 0)
        {
            _logged.Remove(id);
            return true;
        }

        var (overdue, all) = await lifecycle.CountExpiredAsync(id, overdueSince, cancellationToken).ConfigureAwait(false);
        if (overdue * 100 <= all * MaxSharePercent)
        {
            _logged.Remove(id);
            return true;
        }

        if (!_logged.TryGetValue(id, out var at) || clock.GetElapsedTime(at) >= Pause)
        {
            _logged[id] = clock.GetTimestamp();
            Log.RetentionStopped(logger, id, overdue, all, grace, clock.GetUtcNow());
        }

        Stopped("share");
        return false;
    }

    private static void Stopped(string reason) =>
        Telemetry.RetentionStops.Add(1, new KeyValuePair<string, object?>("sessionreplay.reason", reason));

    private bool IsClockSteady()
    {
        var (time, timestamp) = (clock.GetUtcNow(), clock.GetTimestamp());
        var jump = time - _time - clock.GetElapsedTime(_timestamp, timestamp);
        (_time, _timestamp) = (time, timestamp);
        if (jump.Duration() > MaxDrift)
        {
            Log.ClockJumped(logger, jump, Pause);
            Stopped("clock");
            (_jumped, _steadySince, _confirmed) = (timestamp, timestamp, false);
        }

        return _jumped is not { } at || clock.GetElapsedTime(at, timestamp) >= Pause;
    }

    private async ValueTask<bool> IsConfirmedAsync(CancellationToken cancellationToken)
    {
        var (server, newest) = await ReadClocksAsync(cancellationToken).ConfigureAwait(false);
        var now = clock.GetUtcNow();
        if (server is null && newest is null)
        {
            // Nothing is stored.
            return true;
        }

        _confirmed = server is { } other
            ? (now - other).Duration() <= MaxDrift
            : now - newest <= MaxDrift || clock.GetElapsedTime(_steadySince) >= ProofTime;
        if (!_confirmed)
        {
            Stopped("clock");
            if (_clockLogged is not { } at || clock.GetElapsedTime(at) >= Pause)
            {
                _clockLogged = clock.GetTimestamp();
                Log.ClockUnconfirmed(
                    logger, now, server is null ? "the last batch was received" : "the database server has", server ?? newest, ProofTime);
            }
        }

        return _confirmed;
    }

    private async ValueTask<(DateTimeOffset? Server, DateTimeOffset? Newest)> ReadClocksAsync(CancellationToken cancellationToken)
    {
        (DateTimeOffset? server, DateTimeOffset? newest) = (null, null);
        foreach (var tenant in tenants)
        {
            var seen = await lifecycle.ReadClockAsync(new(tenant.Id), cancellationToken).ConfigureAwait(false);
            server ??= seen.Server;
            newest = newest is { } last && !(seen.LastReceived > last) ? last : seen.LastReceived ?? newest;
        }

        return (server, newest);
    }
}
