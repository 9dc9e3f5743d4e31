namespace SessionReplay.AspNetCore.Playback;

/// <summary>The dead letters of the queue.</summary>
internal sealed record DeadLettersJson(IReadOnlyList<DeadLetterJson> DeadLetters);
