namespace SessionReplay.FaultTests.Proxy;

/// <summary>What a proxy does to what goes through it.</summary>
internal enum FaultKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Nobody listens, and what was connected is reset.</summary>
    Refused,

    /// <summary>Every piece that goes to the peer is late.</summary>
    Slow,

    /// <summary>Requests are answered with an error of the proxy's own and do not reach the peer.</summary>
    Errors,

    /// <summary>A request reaches the peer only in part, then both sides are reset.</summary>
    RequestCut,

    /// <summary>A request reaches the peer whole; both sides are reset in the place of its answer, or in the middle of it.</summary>
    AnswerCut,

    /// <summary>Nothing moves in either direction; the connections stay.</summary>
    Held,
}
