using System.Globalization;

namespace SessionReplay.LoadGenerator.Abuse;

/// <summary>What a run of hostile clients found.</summary>
/// <param name="Options">The run.</param>
/// <param name="Quiet">The visitors' 95th percentile alone.</param>
/// <param name="Abused">The visitors' 95th percentile beside the hostile clients.</param>
/// <param name="Refused">How many batches of the visitors were not answered with 202.</param>
/// <param name="Memory">The server's greatest resident memory, in bytes.</param>
/// <param name="Answers">What the hostile clients were answered, by status.</param>
public sealed record AbuseResult(
    AbuseOptions Options, TimeSpan Quiet, TimeSpan Abused, int Refused, long Memory, IReadOnlyDictionary<string, int> Answers)
{
    /// <summary>Whether memory, latency and acceptance are within their bounds.</summary>
    public bool Holds => Memory <= Options.MaxMemory && Abused <= Quiet * Options.MaxSlowdown && Refused == 0;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        {Options.Clients} hostile clients, {Options.Time.TotalSeconds:0} s: {string.Join(", ", Answers.OrderBy(a => a.Key).Select(a => $"{a.Value} x {a.Key}"))}
        resident memory at most {Memory >> 20} MiB, bound {Options.MaxMemory >> 20} MiB: {Verdict(Memory <= Options.MaxMemory)}
        visitors' 95th percentile {Quiet.TotalMilliseconds:0.0} ms quiet, {Abused.TotalMilliseconds:0.0} ms abused, {Abused / Quiet:0.00} times, bound {Options.MaxSlowdown:0.00}: {Verdict(Abused <= Quiet * Options.MaxSlowdown)}
        visitors' batches refused {Refused}: {Verdict(Refused == 0)}
        """);

    private static string Verdict(bool holds) => holds ? "holds" : "BROKEN";
}
