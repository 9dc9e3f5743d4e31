namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>The turns of one sweep that deletes for good: one in an interval, and only while the clock is known to be right.</summary>
internal sealed class SweepTurns(RetentionGuard guard, IReadOnlyList<ITenantRetention> tenants, TimeProvider clock)
{
    private long? _lastTurn;

    /// <summary>Runs a sweep when its turn has come. One that throws has its turn again.</summary>
    /// <returns>How many things the sweep removed.</returns>
    public async ValueTask<int> TakeAsync(TimeSpan interval, Func<ValueTask<int>> sweep, CancellationToken cancellationToken)
    {
        if ((_lastTurn is { } last && clock.GetElapsedTime(last) < interval)
            || !await guard.IsClockRightAsync(cancellationToken).ConfigureAwait(false))
        {
            return 0;
        }

        var removed = await sweep().ConfigureAwait(false);
        _lastTurn = clock.GetTimestamp();
        return removed;
    }

    /// <summary>Runs a sweep for each tenant of which the guard lets things be deleted, when its turn has come.</summary>
    /// <returns>How many things the sweeps removed.</returns>
    public ValueTask<int> TakeAsync(TimeSpan interval, Func<ITenantRetention, ValueTask<int>> sweep, CancellationToken cancellationToken)
    {
        return TakeAsync(interval, SweepAllAsync, cancellationToken);

        async ValueTask<int> SweepAllAsync()
        {
            var removed = 0;
            foreach (var tenant in tenants)
            {
                if (await guard.MayDeleteAsync(tenant, cancellationToken).ConfigureAwait(false))
                {
                    removed += await sweep(tenant).ConfigureAwait(false);
                }
            }

            return removed;
        }
    }

    /// <summary>Repeats a removal of a limited number of things until there are fewer.</summary>
    /// <returns>How many were removed.</returns>
    public static async ValueTask<int> RepeatAsync(int limit, Func<ValueTask<int>> remove)
    {
        int removed;
        var sum = 0;
        do
        {
            sum += removed = await remove().ConfigureAwait(false);
        }
        while (removed == limit);

        return sum;
    }
}
