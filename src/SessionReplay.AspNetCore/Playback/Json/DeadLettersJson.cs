namespace SessionReplay.AspNetCore.Playback;

/// <summary>Messages that were set aside.</summary>
internal sealed record DeadLettersJson(IReadOnlyList<DeadLetterJson> DeadLetters);
