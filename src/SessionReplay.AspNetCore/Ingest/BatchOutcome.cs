using System.Runtime.ExceptionServices;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>What became of a batch of an upload: a receipt, or a rejection and the error behind it.</summary>
internal sealed record BatchOutcome(WindowReceipt? Receipt, IngestRejectedException? Rejection, ExceptionDispatchInfo? Error)
{
    /// <summary>
    /// Whether the next batch of the upload would fare the same. What one sanitizing rule fails on, or a session has too much of, is of the
    /// batch.
    /// </summary>
    public bool HoldsForTheRest =>
        Rejection is { Status: 503, Code: not IngestProblems.SanitizingFailed } or { Status: 429, IsFinal: false };

    public static BatchOutcome Accepted(WindowReceipt receipt) => new(receipt, null, null);

    public static BatchOutcome Rejected(IngestRejectedException rejection) => Rejected(rejection, rejection);

    public static BatchOutcome Rejected(IngestRejectedException rejection, Exception error) =>
        new(null, rejection, ExceptionDispatchInfo.Capture(error));
}
