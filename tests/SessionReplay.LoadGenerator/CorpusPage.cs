namespace SessionReplay.LoadGenerator;

/// <summary>One recorded page.</summary>
public sealed record CorpusPage(string Url, IReadOnlyList<CorpusEvent> Events);
