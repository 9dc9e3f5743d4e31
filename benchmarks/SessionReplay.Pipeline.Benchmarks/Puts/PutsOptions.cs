namespace SessionReplay.Pipeline.Benchmarks.Puts;

/// <summary>How much traffic there is.</summary>
internal sealed record PutsOptions
{
    public int Sessions { get; init; } = 1_000;

    public TimeSpan SessionTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many pages a visitor sees in this time.</summary>
    public int Pages { get; init; } = 12;

    /// <summary>Within what time the sessions begin.</summary>
    public TimeSpan StartSpread { get; init; } = TimeSpan.FromSeconds(60);
}
