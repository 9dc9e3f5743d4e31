namespace SessionReplay.Pipeline.Resilience;

/// <summary>Whether calls are made; the numbers are those of the metric.</summary>
internal enum BreakerState
{
    /// <summary>Calls are made.</summary>
    Closed = 0,

    /// <summary>The break is over: the next call is made and decides, others are withheld until it has ended.</summary>
    HalfOpen = 1,

    /// <summary>Calls are withheld.</summary>
    Open = 2,
}
