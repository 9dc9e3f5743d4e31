using SessionReplay.Wire;

namespace SessionReplay.Pipeline.Batches;

/// <summary>A batch that breaks no rule and holds no secret any more.</summary>
/// <param name="Header">What the chunk's header says.</param>
/// <param name="FactsToSeal">What travels sealed beside the chunk. The caller adds what the batch does not know: address, user agent, clock
/// offset.</param>
/// <param name="IsChanged">Whether the sanitizer overwrote something.</param>
/// <param name="Findings">How often each rule found something; rules that found nothing are left out.</param>
public sealed record SanitizedBatch(
    BatchFacts Header, ChunkFacts FactsToSeal, bool IsChanged, IReadOnlyList<(string Rule, int Count)> Findings);
