namespace SessionReplay.AspNetCore.Ingest;

/// <summary>The outcome of one batch of an upload: 202, or the members of its problem.</summary>
/// <param name="Status">The status with which an upload of this batch alone is answered.</param>
/// <param name="Code">The kind of problem.</param>
/// <param name="Rule">The rule of the format that is broken.</param>
/// <param name="Final">Whether sending it again is of no use; <see langword="null"/> if it may help.</param>
/// <param name="RetryAfter">After how many seconds to send it again.</param>
internal sealed record BatchResult(int Status, string? Code = null, string? Rule = null, bool? Final = null, int? RetryAfter = null);
