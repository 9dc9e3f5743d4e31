using SessionReplay.Pipeline.Messages;

namespace SessionReplay.Pipeline.Worker;

/// <summary>An object to be written.</summary>
/// <param name="Key">Its key, which is new.</param>
/// <param name="Messages">Whose chunks it holds, one after the other.</param>
internal sealed record PlannedPart(string Key, IReadOnlyList<ParsedMessage> Messages);
