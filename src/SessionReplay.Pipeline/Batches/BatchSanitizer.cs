using SessionReplay.Format;
using SessionReplay.Pipeline.Sanitizing;

namespace SessionReplay.Pipeline.Batches;

/// <summary>
/// Checks a batch against the rules of docs/format/v1.md, section 2, and takes secrets out of it, in one pass and in place.
/// </summary>
/// <param name="sanitizer">The rules.</param>
public sealed class BatchSanitizer(Sanitizer sanitizer)
{
    /// <summary>Checks and sanitizes a batch.</summary>
    /// <param name="batch">The decompressed batch. What must not be stored is overwritten.</param>
    /// <param name="limits">Its bounds.</param>
    /// <param name="receivedAt">The server's clock, ms since the Unix epoch. Times of events are clamped around it.</param>
    /// <param name="clockOffset">Milliseconds to add to the page's times to get the server's.</param>
    /// <returns>What was found in the batch.</returns>
    /// <exception cref="FormatRejectedException">A rule is broken.</exception>
    /// <exception cref="SanitizingFailedException">A sanitizing rule of the application failed.</exception>
    public SanitizedBatch Sanitize(Span<byte> batch, BatchLimits limits, long receivedAt, long clockOffset)
    {
        var facts = new BatchFacts(limits.MaxMarkers, receivedAt, clockOffset);
        var pass = sanitizer.Begin(batch);
        new BatchWalker(limits, pass, facts).Walk(batch);
        if (!SessionIdTime.IsNear(facts.Session, DateTimeOffset.FromUnixTimeMilliseconds(receivedAt)))
        {
            throw new FormatRejectedException(
                "B11", $"The session's id was made more than {SessionIdTime.MaxDifference.TotalDays:0} days before or after this server's time.");
        }

        facts.Assets = AssetNames.Find(batch)
            ?? throw new FormatRejectedException("B10", $"The batch names more than {AssetNames.MaxNames} assets.");
        (string Rule, int Count)[] findings = [.. pass.Findings];
        var sealedFacts = facts.Build(findings);
        sealedFacts.ClockOffset = clockOffset;
        return new(facts, sealedFacts, pass.Changed, findings);
    }
}
