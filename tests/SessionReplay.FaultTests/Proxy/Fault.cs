namespace SessionReplay.FaultTests.Proxy;

/// <summary>A fault as a proxy applies it.</summary>
internal sealed record Fault
{
    private Fault()
    {
    }

    public static Fault None { get; } = new() { Kind = FaultKind.None };

    public static Fault Refused { get; } = new() { Kind = FaultKind.Refused };

    public static Fault AnswerCut { get; } = AnswerCutAfter(0);

    public static Fault Held { get; } = new() { Kind = FaultKind.Held };

    public required FaultKind Kind { get; init; }

    /// <summary>Which share of the requests is answered with an error, from 0 to 1.</summary>
    public double Share { get; private init; } = 1;

    public string Text { get; private init; } = "";

    public TimeSpan Delay { get; private init; }

    /// <summary>After how many bytes of a request or an answer it is cut.</summary>
    public int After { get; private init; }

    /// <summary>The status of the answers.</summary>
    public int Status { get; private init; }

    public static Fault Slow(TimeSpan delay) => new() { Kind = FaultKind.Slow, Delay = delay };

    public static Fault Errors(int status, double share) => new() { Kind = FaultKind.Errors, Status = status, Share = share };

    public static Fault RequestCut(int after) => new() { Kind = FaultKind.RequestCut, After = after };

    public static Fault AnswerCutAfter(int bytes) => new() { Kind = FaultKind.AnswerCut, After = bytes };

    /// <summary>The same fault, for the requests alone whose first line holds a text.</summary>
    public Fault On(string text) => this with { Text = text };

    /// <summary>Whether it is a fault of this request.</summary>
    public bool Concerns(string request) => request.Contains(Text, StringComparison.Ordinal);

    public bool Strikes(FaultKind kind, string request) => Kind == kind && Concerns(request) && Random.Shared.NextDouble() < Share;
}
