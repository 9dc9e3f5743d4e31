using SessionReplay.Catalog;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>What this process has taken of a quota and not spent yet. Many may spend it at a time; one at a time takes more.</summary>
/// <param name="own">What it has without taking it.</param>
internal sealed class QuotaAllowance(long own)
{
    /// <summary>A process takes a hundredth at a time, so that processes ask seldom, and little is lost with one that ends.</summary>
    private const int Share = 100;

    private readonly Lock _lock = new();
    private readonly long _own = own;
    private long _left = own;
    private long _unshared;
    private DateTimeOffset? _endsAt;
    private bool _isSpent;

    /// <summary>Spends what is there, without asking anybody.</summary>
    public bool TrySpend(long amount, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (now >= _endsAt)
            {
                (_left, _unshared, _isSpent, _endsAt) = (_own, 0, false, null);
            }

            if (_left < amount)
            {
                return false;
            }

            _left -= amount;
            return true;
        }
    }

    /// <param name="amount">How much.</param>
    /// <param name="limit">The bound.</param>
    /// <param name="now">The time.</param>
    /// <param name="take">Takes from what all processes share; gives <see langword="null"/> when they cannot be asked.</param>
    /// <returns><see langword="null"/> when the amount was taken; else after what time there is more.</returns>
    public async ValueTask<TimeSpan?> TakeAsync(long amount, QuotaLimit limit, DateTimeOffset now, Func<long, ValueTask<QuotaGrant?>> take)
    {
        if (TrySpend(amount, now))
        {
            return null;
        }

        var wanted = Wanted(amount, limit);
        var grant = wanted > 0 ? await take(wanted).ConfigureAwait(false) : null;
        lock (_lock)
        {
            if (wanted > 0)
            {
                Add(wanted, grant, limit, now);
            }

            if (_left < amount)
            {
                return _endsAt - now ?? limit.Period;
            }

            _left -= amount;
            return null;
        }
    }

    /// <summary>Gives back what was taken and is not used.</summary>
    public void Return(long amount)
    {
        lock (_lock)
        {
            _left += amount;
        }
    }

    private long Wanted(long amount, QuotaLimit limit)
    {
        lock (_lock)
        {
            return _isSpent ? 0 : Math.Max(amount, limit.Max / Share) - _left;
        }
    }

    private void Add(long wanted, QuotaGrant? grant, QuotaLimit limit, DateTimeOffset now)
    {
        if (grant is { } shared)
        {
            (_left, _endsAt, _isSpent) = (_left + shared.Granted, shared.EndsAt, shared.Granted < wanted);
            return;
        }

        // Nothing is known of the other processes: this one keeps to the bound alone until it can ask again.
        _endsAt ??= now + limit.Period;
        var granted = Math.Min(wanted, limit.Max - _unshared);
        (_left, _unshared) = (_left + granted, _unshared + granted);
    }
}
