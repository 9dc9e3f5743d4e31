namespace SessionReplay.AspNetCore.Ingest;

/// <summary>The answer to an upload whose batches were accepted, or fared differently.</summary>
/// <param name="Windows">What is durable, for each window of which the upload had an accepted batch.</param>
/// <param name="Batches">The outcome of each batch in the order of the upload; <see langword="null"/> if all were accepted.</param>
/// <param name="ServerTime">The server's clock when the upload had arrived, ms since the Unix epoch.</param>
/// <param name="Live">Whether somebody watches the session live; <see langword="null"/> if nobody does.</param>
internal sealed record BatchesReceipt(
    IReadOnlyList<WindowReceipt> Windows, IReadOnlyList<BatchResult>? Batches, long ServerTime, bool? Live);
