namespace SessionReplay.AspNetCore.Ingest;

/// <summary>
/// How much work each name may cause in a second, on average. Work is charged when it is known, also more than is left: the debt is paid
/// off by time before more is taken, so that any single request within its limits passes.
/// </summary>
internal sealed class WorkBudget(long perSecond, TimeProvider clock)
{
    /// <summary>Seconds of work that may come at once.</summary>
    private const int Burst = 16;

    private const int Generation = 50_000;

    private readonly Lock _lock = new();
    private readonly RecentMap<string, (double Left, long At)> _names = new(Generation);

    /// <summary>Charges work.</summary>
    /// <param name="name">Who causes it.</param>
    /// <param name="bytes">How much.</param>
    /// <returns>After what time there is a budget again when the name is in debt and nothing was charged; else
    /// <see langword="null"/>.</returns>
    public TimeSpan? Charge(string name, long bytes)
    {
        lock (_lock)
        {
            var left = Left(name);
            if (left <= 0)
            {
                return TimeSpan.FromSeconds(Math.Max(1, -left / perSecond));
            }

            _names.Set(name, (left - bytes, clock.GetTimestamp()));
            return null;
        }
    }

    /// <summary>Charges work that was already done.</summary>
    public void Add(string name, long bytes)
    {
        lock (_lock)
        {
            _names.Set(name, (Left(name) - bytes, clock.GetTimestamp()));
        }
    }

    private double Left(string name)
    {
        var most = (double)perSecond * Burst;
        return _names.TryGet(name, out var known)
            ? Math.Min(most, known.Left + (clock.GetElapsedTime(known.At).TotalSeconds * perSecond))
            : most;
    }
}
