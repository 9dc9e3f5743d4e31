namespace SessionReplay.FaultTests.Proxy;

/// <summary>A fault as a proxy applies it.</summary>
internal sealed record Fault
{
    private Fault()
    {
    }

    public static Fault None { get; } = new() { Kind = FaultKind.None };

    public static Fault Refused { get; } = new() { Kind = FaultKind.Refused };

    public static Fault AnswerCut { get; } = new() { Kind = FaultKind.AnswerCut };

    public static Fault Held { get; } = new() { Kind = FaultKind.Held };

    public required FaultKind Kind { get; init; }

    /// <summary>Which share of the requests is answered with an error, from 0 to 1.</summary>
    public double Share { get; private init; } = 1;

    public TimeSpan Delay { get; private init; }

    /// <summary>After how many bytes of a request it is cut.</summary>
    public int After { get; private init; }

    /// <summary>The status of the answers.</summary>
    public int Status { get; private init; }

    public static Fault Slow(TimeSpan delay) => new() { Kind = FaultKind.Slow, Delay = delay };

    public static Fault Errors(int status, double share) => new() { Kind = FaultKind.Errors, Status = status, Share = share };

    public static Fault RequestCut(int after) => new() { Kind = FaultKind.RequestCut, After = after };

    public bool Strikes(FaultKind kind) => Kind == kind && Random.Shared.NextDouble() < Share;
}
