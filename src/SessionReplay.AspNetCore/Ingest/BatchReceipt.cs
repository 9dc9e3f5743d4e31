namespace SessionReplay.AspNetCore.Ingest;

/// <summary>The answer to a batch.</summary>
/// <param name="Window">The window.</param>
/// <param name="Acknowledged">Ranges of seq, both ends included, that the answer vouches for.</param>
/// <param name="ServerTime">The server's clock, ms since the Unix epoch.</param>
internal sealed record BatchReceipt(string Window, IReadOnlyList<uint[]> Acknowledged, long ServerTime);
